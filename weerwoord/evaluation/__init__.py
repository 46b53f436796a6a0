"""How good the judge is: scores on labelled replies, and the report of them."""
