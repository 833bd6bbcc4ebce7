//! Guards over the source itself: what the design asks of every file is read here and held to, so that a slip fails in a second.
//! They read the tree as text and know nothing of what the product does.

mod circles;
mod features;
mod layers;
mod migrations;
mod settings;
mod sizes;
mod source;
mod views;
