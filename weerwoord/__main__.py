"""`python -m weerwoord`: the command `weerwoord`, of which `serve` does not wait for what the others need."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        from weerwoord.cli.serve import serve

        serve()
    from weerwoord.cli.main import main

    main()
