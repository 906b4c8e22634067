//! The rules, one by one, on a request made by hand.
