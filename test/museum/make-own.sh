#!/usr/bin/env bash
# Writes the files of an earlier state of GammaTS: make-own.sh COMMIT test/museum/gammats-DATE
#   bed1d3d  2026-11-22, 0.1.0 as it was first complete
#   ea4f965  2026-11-28, 0.1.0 before results said how they were made
# It builds the commit in a temporary folder (npm ci, npm run build), and fits the files of Gammapy 2.1 of this museum.
set -euo pipefail
commit=$1 out=$(realpath -m "$2") here=$(git rev-parse --show-toplevel)
built=${BUILT:-$(mktemp -d)}
if [ ! -e "$built/dist" ]; then
  git archive "$commit" | tar -x -C "$built"
  (cd "$built" && npm ci --silent && npm run --silent build)
fi
files=("$here/test/museum/gammapy-2.1/datasets.yaml" "$here/test/museum/gammapy-2.1/models.yaml")
held=(--freeze halo.lon_0 --freeze halo.lat_0 --freeze halo.sigma)
rm -rf "$out"
node "$built/dist/cli/main.js" fit "${files[@]}" "${held[@]}" --minos crab.alpha --out "$out" >/dev/null
node "$built/dist/cli/main.js" flux-points "${files[@]}" --source crab --edges "1 TeV,3 TeV,10 TeV" --out "$out/flux.ecsv" >/dev/null
node "$built/dist/cli/main.js" flux-points "${files[@]}" --source crab --edges "1 TeV,3 TeV,10 TeV" --out "$out/flux.fits" >/dev/null
# under the same name: readers look at the first bytes
for file in "$out"/*.fits; do gzip -9n <"$file" >"$file.gz" && mv "$file.gz" "$file"; done
