// Writes a C++ source that holds the pages of a folder, compressed: `node embed.mjs FOLDER SOURCE.cpp`.
// What it declares is <web/assets.hpp>. The bytes come in by the assembler (.incbin): as an array in C++ they would take the
// compiler a minute.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const [folder, source] = process.argv.slice(2).map((each) => path.resolve(each));

const contentTypes = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.ttf': 'font/ttf',
};

const bytes = [];
const rows = [];
let begin = 0;
for (const page of readdirSync(folder).sort()) {
  for (const name of readdirSync(path.join(folder, page)).sort()) {
    const contentType = contentTypes[path.extname(name)];
    if (!contentType) {
      throw new Error(`${page}/${name}: embed.mjs knows no content type for it`);
    }
    const plain = readFileSync(path.join(folder, page, name));
    const packed = gzipSync(plain, { level: 9 });
    const etag = createHash('sha256').update(plain).digest('hex').slice(0, 16);
    const immutable = /-[0-9A-Z]{8}\.\w+$/.test(name);
    rows.push(
      `    {"${page}", "${name}", "${contentType}", "\\"${etag}\\"", ${immutable}, {atrium_web_bytes + ${begin}, ${packed.length}}},`,
    );
    bytes.push(packed);
    begin += packed.length;
  }
}
writeFileSync(`${source}.bytes`, Buffer.concat(bytes));
writeFileSync(
  source,
  `// Made by web/embed.mjs.
#include <web/assets.hpp>

#include <array>

__asm__(".section .rodata\\n"
        ".global atrium_web_bytes\\n"
        "atrium_web_bytes: .incbin \\"${source}.bytes\\"\\n"
        ".previous\\n");

extern "C" const char atrium_web_bytes[];

namespace atrium::web {

std::span<const asset> assets() noexcept {
    static const std::array<asset, ${rows.length}> all{{
${rows.join('\n')}
    }};
    return all;
}

} // namespace atrium::web
`,
);
