//! The player's buttons during one tick.

bitflags::bitflags! {
    /// The buttons held during one tick.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
    pub struct Buttons: u8 {
        /// Move the ship left.
        const LEFT = 1;
        /// Move the ship right; with [`Buttons::LEFT`] the ship stays where it is.
        const RIGHT = 2;
        /// Fire, as often as the fire rate allows.
        const FIRE = 4;
    }
}
