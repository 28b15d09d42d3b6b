"""``python -m webapp`` is ``newsstand``."""

from webapp.cli import main

raise SystemExit(main())
