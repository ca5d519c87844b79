//! game

fn main() {}
