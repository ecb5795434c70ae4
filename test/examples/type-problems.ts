import ts from "typescript";

const root = new URL("../../", import.meta.url).pathname;

/** What the compiler of TypeScript says against these texts, as strict as for the project. Names are paths in the project where they would lie. */
export function typeProblems(texts: ReadonlyMap<string, string>): string[] {
  const config = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile).config.compilerOptions;
  const { options } = ts.convertCompilerOptionsFromJson(config, root);
  const files = new Map(Array.from(texts, ([path, code]) => [`${root}${path}`, code]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists.call(host, file);
  host.readFile = (file) => files.get(file) ?? readFile.call(host, file);
  const { getSourceFile } = host;
  host.getSourceFile = (file, version, ...more) => {
    const code = files.get(file);
    return code === undefined
      ? getSourceFile.call(host, file, version, ...more)
      : ts.createSourceFile(file, code, version);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((file) => {
    const source = program.getSourceFile(file)!;
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText, start }) =>
        `${file.slice(root.length)}:${source.getLineAndCharacterOfPosition(start!).line + 1}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
  });
}
