import { expect, test } from "vitest";
import { signature, signerOf } from "../../src/text/signature.ts";

test("a signature keeps the id, and shows the name", () => {
  expect(signature("slack:U1", "Ada\nLovelace")).toBe("slack:U1 Ada Lovelace");
  expect(signerOf("slack:U1 Ada Lovelace")).toBe("Ada Lovelace");
  expect(signerOf("cli:ada")).toBe("cli:ada");
});

test.each(["slack:U012AB3CD", "discord:80351110224678912", ""])(
  "“%s”, as earlier versions stored it, shows no id",
  (by) => {
    expect(signerOf(by)).toBeNull();
  },
);
