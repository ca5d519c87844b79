//! What the browser and the server must agree on.
