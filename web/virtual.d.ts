/** Text that the build puts in: the engine as a script, and the files of the example in base64 by path. */
declare module "virtual:worker" {
  const code: string;
  export default code;
}
declare module "virtual:example" {
  const files: Readonly<Record<string, string>>;
  export default files;
}
