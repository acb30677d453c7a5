"""What runs trdpgx in workflow managers and in CI, and the tests of that."""
