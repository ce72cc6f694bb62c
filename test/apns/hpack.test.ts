import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Http2Failure } from "../../src/apns/h2/failure.ts";
import { encodeInteger, HpackDecoder, HpackEncoder, maxHeaderListSize } from "../../src/apns/h2/hpack.ts";
import { decodeHuffman } from "../../src/apns/h2/huffman.ts";
import type { HeaderField } from "../../src/apns/h2/static-table.ts";
import { type Bytes, fromHex, toHex } from "../../src/base/bytes.ts";

const bytes = (hex: string): Bytes => fromHex(hex.replaceAll(" ", "")) as Bytes;
const failureOf = (run: () => unknown): Http2Failure => {
  try {
    run();
  } catch (failure) {
    expect(failure).toBeInstanceOf(Http2Failure);
    return failure as Http2Failure;
  }
  throw new Error("it should have failed");
};

// RFC 7541 appendix C. Each sequence is one connection: the blocks share a table.
const sequences: [string, [hex: string, fields: HeaderField[]][]][] = [
  [
    "C.2.1, literal with indexing",
    [["400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572", [["custom-key", "custom-header"]]]],
  ],
  ["C.2.2, literal without indexing", [["040c 2f73 616d 706c 652f 7061 7468", [[":path", "/sample/path"]]]]],
  ["C.2.3, never indexed", [["1008 7061 7373 776f 7264 0673 6563 7265 74", [["password", "secret"]]]]],
  ["C.2.4, indexed", [["82", [[":method", "GET"]]]]],
  [
    "C.3, requests without Huffman code",
    [
      ["8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d", request("http", "/")],
      ["8286 84be 5808 6e6f 2d63 6163 6865", [...request("http", "/"), ["cache-control", "no-cache"]]],
      [
        "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
        [...request("https", "/index.html"), ["custom-key", "custom-value"]],
      ],
    ],
  ],
  [
    "C.4, requests with Huffman code",
    [
      ["8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff", request("http", "/")],
      ["8286 84be 5886 a8eb 1064 9cbf", [...request("http", "/"), ["cache-control", "no-cache"]]],
      [
        "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
        [...request("https", "/index.html"), ["custom-key", "custom-value"]],
      ],
    ],
  ],
];

function request(scheme: string, path: string): HeaderField[] {
  return [
    [":method", "GET"],
    [":scheme", scheme],
    [":path", path],
    [":authority", "www.example.com"],
  ];
}

describe("header blocks of RFC 7541", () => {
  test.each(sequences)("%s", (_name, blocks) => {
    const decoder = new HpackDecoder();

    for (const [hex, fields] of blocks) expect(decoder.decode(bytes(hex))).toEqual(fields);
  });

  // C.5 and C.6 use a table of 256 bytes, so that entries are evicted: said here by the encoder's own size update.
  test("C.6, responses with Huffman code and eviction", () => {
    const decoder = new HpackDecoder();
    const date = (second: number) => `Mon, 21 Oct 2013 20:13:${second} GMT`;
    const fields = (status: string, second: number): HeaderField[] => [
      [":status", status],
      ["cache-control", "private"],
      ["date", date(second)],
      ["location", "https://www.example.com"],
    ];

    expect(
      decoder.decode(
        bytes(
          "3fe1 01 4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
        ),
      ),
    ).toEqual(fields("302", 21));
    expect(decoder.decode(bytes("4883 640e ffc1 c0bf"))).toEqual(fields("307", 21));
    expect(
      decoder.decode(
        bytes(
          "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07",
        ),
      ),
    ).toEqual([
      ...fields("200", 22),
      ["content-encoding", "gzip"],
      ["set-cookie", "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"],
    ]);
  });
});

describe("a header block is refused", () => {
  test.each([
    ["an index beyond the tables", "be", /no entry 62/],
    ["index 0", "80", /no entry 0/],
    ["an integer that never ends", "ffffffffffffffffff", /too long/],
    ["an integer that is cut off", "ff", /ends inside a field/],
    ["a string longer than the block", "000a6162", /longer than its header block/],
    ["a name without a value", "000161", /ends inside a field/],
    ["a table larger than we offered", "3fe1ff03", /a table of 65536 bytes/],
    ["a size update in the middle", "8220", /after the first field/],
    ["the end-of-string symbol inside a string", "0084ffffffff00", /not Huffman code/],
    ["padding of eight bits", "008207ff00", /not Huffman code/],
    ["padding of zeros", "00810000", /not Huffman code/],
  ])("for %s", (_title, hex, sentence) => {
    const failure = failureOf(() => new HpackDecoder().decode(bytes(hex)));

    expect(failure.message).toMatch(sentence);
    expect(failure.code).toBe("COMPRESSION_ERROR");
  });

  test("for a small block that unfolds into a huge list", () => {
    const decoder = new HpackDecoder();
    const long = "x".repeat(2000);
    decoder.decode(withIndexing("a", long));

    const failure = failureOf(() => decoder.decode(new Uint8Array(100).fill(0xbe)));

    expect(failure.code).toBe("ENHANCE_YOUR_CALM");
    expect(failure.message).toBe(`a header list of more than ${maxHeaderListSize} bytes`);
  });
});

function withIndexing(name: string, value: string): Bytes {
  const text = new TextEncoder();
  return Uint8Array.from([
    0x40,
    ...encodeInteger(0, 7, name.length),
    ...text.encode(name),
    ...encodeInteger(0, 7, value.length),
    ...text.encode(value),
  ]);
}

describe("the encoder", () => {
  test("says once that it uses no table, and then only literals and the static table", () => {
    const encoder = new HpackEncoder();
    const fields: HeaderField[] = [
      [":method", "POST"],
      [":path", "/3/device/00"],
      ["apns-push-type", "mdm"],
    ];

    const first = encoder.encode(fields);
    const second = encoder.encode(fields);

    expect(toHex(first)).toBe(
      "20" + "83" + "040c2f332f6465766963652f3030" + "000e61706e732d707573682d7479706503" + "6d646d",
    );
    expect(first.subarray(1)).toEqual(second);
    expect(new HpackDecoder().decode(first)).toEqual(fields);
  });

  test("writes integers as RFC 7541 appendix C.1 does", () => {
    expect(encodeInteger(0, 5, 10)).toEqual(Uint8Array.of(0b01010));
    expect(encodeInteger(0, 5, 1337)).toEqual(Uint8Array.of(0b11111, 0b10011010, 0b00001010));
    expect(encodeInteger(0, 8, 42)).toEqual(Uint8Array.of(0b00101010));
  });

  test("is read back as it was meant, whatever the fields", () => {
    const text = fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((c) => String.fromCharCode(c)) });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 20 }), (fields) => {
        expect(new HpackDecoder().decode(new HpackEncoder().encode(fields))).toEqual(fields);
      }),
      { seed: 7541, numRuns: 200 },
    );
  });
});

test("Huffman code that no encoder makes is refused, and any bytes are read or refused", () => {
  expect(decodeHuffman(bytes("f1e3c2e5f23a6ba0ab90f4ff"))).toEqual(
    new TextEncoder().encode("www.example.com"),
  );
  expect(decodeHuffman(new Uint8Array())).toEqual(new Uint8Array());
  expect(decodeHuffman(bytes("ff"))).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (input) => {
      const decoded = decodeHuffman(input);
      expect(decoded === undefined || decoded.length <= (input.length * 8) / 5).toBe(true);
    }),
    { seed: 7541, numRuns: 500 },
  );
});

test("any bytes are a header block or a named failure", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (input) => {
      try {
        new HpackDecoder().decode(input);
      } catch (failure) {
        expect(failure).toBeInstanceOf(Http2Failure);
      }
    }),
    { seed: 7541, numRuns: 2000 },
  );
});
