#!/usr/bin/env bash
# Packs the built package, checks it as npm and TypeScript users see it, installs it into an empty project and runs
# the embedded example there.
set -euo pipefail
cd "$(dirname "$0")/.."
repository=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npx publint --strict --pack false
tarball=$work/$(npm pack --ignore-scripts --silent --pack-destination "$work")
npx attw "$tarball" --profile esm-only --quiet || {
  npx attw "$tarball" --profile esm-only --format ascii
  exit 1
}
tar -tzf "$tarball" | sed 's|^package/||' | sort >"$work/files"
grep -qx 'dist/index.js' "$work/files"
grep -qx 'examples/crab/README.md' "$work/files"
if grep -Ev '^(dist|docs|examples)/|^bench/results\.md$|^[A-Z]+\.(md|cff)$|^LICENSE$|^package\.json$' "$work/files"; then
  echo "the files above do not belong into the package" >&2
  exit 1
fi
echo "package: $(wc -l <"$work/files") files, $(du -k "$tarball" | cut -f1) kB"

# what npm says of the package as it would be published: no warning, nothing put right on the way
npm publish --dry-run --ignore-scripts "$tarball" >"$work/publish" 2>&1 || { cat "$work/publish" >&2; exit 1; }
if grep -iE '^npm (warn|error)' "$work/publish" | grep -v 'requires you to be logged in'; then
  echo "npm publish is not content, as said above" >&2
  exit 1
fi

mkdir "$work/project"
cd "$work/project"
npm init -y --silent >/dev/null
npm install --silent --no-audit --no-fund "$tarball"
echo "dependencies installed: $(find node_modules -name package.json -not -path '*/node_modules/*/node_modules/*' -maxdepth 3 | wc -l) packages"
cat >check.mjs <<'JS'
import { fit } from "gammats";
import { readDatasets } from "gammats/io";
import { createSubmodel } from "gammats/models";
import { exampleFolder, nodeFiles } from "gammats/node";
import { sedPlot } from "gammats/plot";

const fermi = `${exampleFolder()}/fermi-3fhl-crab/Fermi-LAT-3FHL`;
const { datasets, models } = await readDatasets(`${fermi}_datasets.yaml`, nodeFiles(), { modelsPath: `${fermi}_models.yaml` });
if (!fit(datasets, models).success || createSubmodel("pl").parameters.length !== 3 || typeof sedPlot !== "function") process.exit(1);
JS
node check.mjs
node -e 'if (typeof require("gammats").fit !== "function" || typeof require("gammats/node").nodeFiles !== "function") process.exit(1)'
# a project whose types are those of the language alone
mkdir types
for entry in '' /extend /io /models /plot /sky /time /types; do echo "import \"gammats$entry\";"; done >types/main.ts
cat >types/tsconfig.json <<'JSON'
{
  "compilerOptions": {
    "strict": true, "noEmit": true, "module": "nodenext", "target": "es2022", "lib": ["es2022"], "types": [], "skipLibCheck": false
  },
  "files": ["main.ts"]
}
JSON
"$repository/node_modules/.bin/tsc" --project types
# resolvers that know no "exports", as that of tslab
sed -i 's/"nodenext"/"commonjs", "moduleResolution": "node10", "ignoreDeprecations": "6.0"/' types/tsconfig.json
"$repository/node_modules/.bin/tsc" --project types
installed=$(du -sk --apparent-size node_modules | cut -f1)
echo "installed size: $installed kB"
if [ "$installed" -gt 10000 ]; then
  echo "more than 10 MB are installed for who draws no PNG or PDF" >&2
  exit 1
fi
npx gammats app --out page.html
grep -q "<title>GammaTS" page.html
# without the packages that draw there is no PNG, and it is said how to get it
env -u GAMMAPY_DATA npx gammats crab --out svg 2>said
grep -q 'npm install @resvg/resvg-js dejavu-fonts-ttf' said
if ls svg | grep -q 'png$'; then exit 1; fi
npm install --silent --no-audit --no-fund $(node -p 'const { peerDependencies: p } = require("gammats/package.json"); ["@resvg/resvg-js", "dejavu-fonts-ttf", "pdfkit", "svg-to-pdfkit"].map((name) => `${name}@${p[name]}`).join(" ")')
env -u GAMMAPY_DATA npx gammats crab --pdf --out out --json >crab.json
ls out | grep -q 'pdf$'
node -e '
const { data, fit, flux_points, files } = JSON.parse(require("node:fs").readFileSync("crab.json", "utf8"));
const missing = files.filter((file) => !require("node:fs").existsSync(file));
if (data !== "example" || !fit.success || missing.length > 0 || flux_points.HESS.length !== 6) process.exit(1);
console.log(`installed package: ${fit.message} total stat ${fit.total_stat.toFixed(2)}, ${files.length} files`);
'
