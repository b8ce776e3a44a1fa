"""The way of a draft from the first sentence to the signer's approval, without I/O."""
