#!/bin/sh
# Make .venv with the exact packages of requirements.lock and a Dutch spaCy pipeline. Does nothing when all is there.
set -eu
cd "$(dirname "$0")/.."

is_310() {
	[ -x "$1" ] || command -v "$1" >/dev/null 2>&1 || return 1
	"$1" -c 'import sys, ensurepip; sys.exit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1
}

find_python() {
	for candidate in python3.10 python3 python "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10*/bin/python; do
		if is_310 "$candidate"; then
			echo "$candidate"
			return
		fi
	done
	if command -v uv >/dev/null 2>&1; then
		candidate=$(uv python find 3.10 2>/dev/null || true)
		if [ -n "$candidate" ] && is_310 "$candidate"; then
			echo "$candidate"
			return
		fi
	fi
	return 1
}

stamp=.venv/installed
wanted=$(cksum <requirements.lock)
if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$wanted" ]; then
	if ! python=$(find_python); then
		echo "Python 3.10 was not found. Install it (for example: pyenv install 3.10, or uv python install 3.10) and try again." >&2
		exit 1
	fi
	echo "Set-up 1/3: virtual environment in .venv with $("$python" --version)"
	rm -rf .venv
	"$python" -m venv .venv
	echo "Set-up 2/3: installing $(grep -c '==' requirements.lock) packages; this takes some minutes, once"
	if ! .venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.lock; then
		echo "Installing the packages failed. Check your internet connection, then give the same command again." >&2
		exit 1
	fi
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . ||
		echo "The command .venv/bin/weerwoord could not be made; use .venv/bin/python -m weerwoord.cli.main instead." >&2
	echo "Set-up 3/3: Dutch pipeline for spaCy (nl_core_news_sm)"
	if [ "${WEERWOORD_SKIP_SPACY_DOWNLOAD:-0}" = 1 ] || ! timeout 60 .venv/bin/python -W ignore -m spacy download nl_core_news_sm >/dev/null 2>&1; then
		echo "nl_core_news_sm cannot be had here; going on with a stand-in (tokenizer, sentences and lemmas by look-up)."
		.venv/bin/python -W ignore -c 'from weerwoord.dutch import build_stand_in; from weerwoord.settings import settings; build_stand_in(settings().stand_in)' 2>/dev/null
	fi
	echo "$wanted" >"$stamp"
fi
