#!/usr/bin/env bash
# Installs what the drift report is measured beside, Evidently and NannyML, into .venv-drift (pinned in requirements.txt).
# Needs python3 (3.11). Run: bench/peers/monitoring/setup.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
python3 -m venv "$root/.venv-drift"
"$root/.venv-drift/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
echo "Evidently and NannyML are in .venv-drift."
