import { expect, it } from "vitest";
import { FormatError, GammatsError, hasCode, plainError, UnsupportedError } from "../../src/errors.js";
import { type Answer, type Call, remoteEngine } from "../../web/src/rpc.js";

/** A thread that fails each call with this error, as the worker of the page does; undefined: it never answers. */
function failing(error: unknown): Worker {
  const thread = {
    onmessage: (_: { data: Answer }) => {},
    postMessage({ id }: Call) {
      const data = structuredClone({ id, error: plainError(error) });
      if (error !== undefined) setTimeout(() => thread.onmessage({ data }));
    },
    terminate() {},
  };
  return thread as unknown as Worker;
}

const reasonOf = (call: Promise<unknown>) => call.catch((error) => error);

it("gives the page the errors of its engine with class, code and fields", async () => {
  const inner = new FormatError({ code: "missing-file", where: "a.yaml:2", what: 'no file "b.fits"' });
  const error = new FormatError("two problems", { code: "several", problems: [inner, new UnsupportedError("c")] });
  const found = await reasonOf(
    remoteEngine(
      failing(error),
      () => failing(error),
      () => {},
    ).fit("newton"),
  );
  expect(found).toBeInstanceOf(FormatError);
  expect(found).toMatchObject({ message: "two problems", code: "several" });
  expect(hasCode(found, "missing-file")).toBe(true);
});

it("tells faults from what a user can do something about", async () => {
  const fault = new TypeError("x is undefined");
  const found = await reasonOf(
    remoteEngine(
      failing(fault),
      () => failing(fault),
      () => {},
    ).minos(),
  );
  expect(found).not.toBeInstanceOf(GammatsError);
  expect(found).toMatchObject({ name: "TypeError", message: "x is undefined" });
  const silent = remoteEngine(
    failing(undefined),
    () => failing(undefined),
    () => {},
  );
  const stopped = reasonOf(silent.minos());
  silent.stop();
  expect(await stopped).toMatchObject({ name: "AbortError", message: "stopped" });
});
