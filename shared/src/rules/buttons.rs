//! The player's buttons.

bitflags::bitflags! {
    /// The buttons held during one tick.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
    pub struct Buttons: u8 {
        /// Moves the ship left.
        const LEFT = 1;
        /// Moves the ship right. Together with [`Buttons::LEFT`] the ship does not move.
        const RIGHT = 2;
        /// Fires rockets at the maximum fire rate.
        const FIRE = 4;
    }
}
