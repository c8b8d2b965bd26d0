#!/usr/bin/env bash
# Installs the servers of models that Millrace is measured beside, into .venv-serving and .venv-mlserver, and makes the
# model that all of them serve. Needs python3 (3.11). Run: bench/peers/serving/setup.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
command -v python3 > /dev/null || { echo "python3 is not there: install it first." >&2; exit 1; }
install() { # environment, requirements
  python3 -m venv "$root/$1"
  "$root/$1/bin/pip" install --quiet --disable-pip-version-check -r "$here/$2"
}
install .venv-serving requirements.txt
install .venv-mlserver requirements-mlserver.txt
"$root/.venv-serving/bin/python" "$here/make_model.py" "$root/.millrace/bench/serving"
echo "FastAPI and MLflow are in .venv-serving, MLServer in .venv-mlserver, the model in .millrace/bench/serving."
