#!/bin/sh
# What every script of package.json runs: makes ready what the command needs, then becomes the command (exec), so that signals
# reach it directly and npm exits with its code.
cd "$(dirname "$0")/../../.." || exit 1
bootstrap=packages/standalone/bootstrap

command=${1:-}
[ $# -gt 0 ] && shift
case $command in
  start | dev | cluster | test | faults | check | fix | bench) ;;
  *)
    echo "CodeSync: there is no command '$command'. There are start, dev, cluster, test, faults, check, fix and bench." >&2
    exit 1
    ;;
esac

version=$(node --version 2>/dev/null)
major=${version#v}
major=${major%%.*}
if [ "${major:-0}" -lt 18 ]; then
  echo "CodeSync: Node ${version:-is missing; version} can't run the set-up. Any Node from 18 on can: https://nodejs.org" >&2
  exit 1
fi

# Node keeps compiled code here: a second start takes half the time.
export NODE_COMPILE_CACHE="$PWD/.node/compiled"

# In the background, because a shell hears no signal before its foreground child has ended.
node $bootstrap/setup.mjs "$command" </dev/null &
setup=$!
trap 'trap "" HUP INT TERM; kill -TERM $setup 2>/dev/null; wait $setup; exit 143' HUP INT TERM
wait $setup || exit $?
trap - HUP INT TERM

# The set-up left there the Node that runs the project, and what else it found.
export PATH="$PWD/.node/bin:$PATH"
[ -x .node/bin/chromium ] && export PLAYWRIGHT_CHROMIUM="${PLAYWRIGHT_CHROMIUM:-$PWD/.node/bin/chromium}"

case $command in
  start) exec node packages/standalone/src/main.ts "$@" ;;
  dev) exec node --watch --watch-preserve-output packages/standalone/src/dev.ts "$@" ;;
  cluster) exec node packages/cluster/src/main.ts "$@" ;;
  test) exec node node_modules/vitest/vitest.mjs run "$@" ;;
  faults) exec node packages/e2e/src/faults/main.ts "$@" ;;
  check) exec node $bootstrap/check.mjs check ;;
  fix) exec node $bootstrap/check.mjs fix ;;
  bench) exec node packages/bench/src/main.ts "$@" ;;
esac
