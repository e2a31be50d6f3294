"""The face of the third task of `support.sine`, whole in one folder."""
