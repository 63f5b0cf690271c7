import { expect, it } from "vitest";
import { isLocalAddress } from "../../src/backends/local-address.ts";

it.each([
  "http://localhost:11434/v1",
  "http://LOCALHOST./v1",
  "http://127.0.0.1:8000/v1",
  "http://127.8.9.1/v1",
  "http://0.0.0.0:1234",
  "http://[::1]:11434/v1",
  "http://[::ffff:192.168.1.5]/v1",
  "http://10.1.2.3/v1",
  "http://172.31.255.1/v1",
  "http://192.168.0.7:1234/v1",
  "http://169.254.1.1/v1",
  "http://100.101.102.103:8000/v1",
  "http://[fd12:3456::1]/v1",
  "http://[fe80::1]/v1",
  "http://ollama:11434/v1",
  "http://gpu.local/v1",
  "http://host.docker.internal:11434/v1",
  "http://model.home.arpa/v1",
])("%s is local", (url) => {
  expect(isLocalAddress(url)).toBe(true);
});

it.each([
  undefined,
  "",
  "no address",
  "https://api.openai.com/v1",
  "https://127.0.0.1.nip.io/v1",
  "https://localhost.example.com/v1",
  "https://172.32.0.1/v1",
  "https://8.8.8.8/v1",
  "https://[2606:4700::1111]/v1",
  "https://10.example.com/v1",
])("%s is not", (url) => {
  expect(isLocalAddress(url)).toBe(false);
});
