/// <reference types="node" />
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { defineConfig, type Plugin } from "vite";

// Whole fonts for what is printed (store/typesetting.py): every Vietnamese letter, Latin, Greek and Cyrillic of the
// world, Han and Hangul. Pages don't load them from here.
const printedFonts = [
  "be-vietnam-pro/400Regular/BeVietnamPro_400Regular.ttf",
  "be-vietnam-pro/600SemiBold/BeVietnamPro_600SemiBold.ttf",
  "be-vietnam-pro/700Bold/BeVietnamPro_700Bold.ttf",
  "noto-sans/400Regular/NotoSans_400Regular.ttf",
  "noto-sans/700Bold/NotoSans_700Bold.ttf",
  "noto-sans-kr/700Bold/NotoSansKR_700Bold.ttf",
  "noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
  "tinos/400Regular/Tinos_400Regular.ttf",
  "tinos/400Regular_Italic/Tinos_400Regular_Italic.ttf",
  "tinos/700Bold/Tinos_700Bold.ttf",
];

function printFonts(): Plugin {
  return {
    name: "print-fonts",
    generateBundle() {
      for (const font of printedFonts) {
        const source = readFileSync(`node_modules/@expo-google-fonts/${font}`);
        this.emitFile({ type: "asset", fileName: `fonts/${basename(font)}`, source });
      }
    },
  };
}

// Every entry is named by its source, and pages.py finds the built file in the manifest by that name.
export default defineConfig({
  base: "/static/",
  plugins: [printFonts()],
  build: {
    outDir: "../static",
    emptyOutDir: true,
    manifest: true,
    // Phones of door staff are a few years old: light-dark() and nesting are written out for them.
    cssTarget: ["chrome100", "safari15", "firefox100"],
    // Swagger UI is one large file, and only /docs loads it.
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      input: [
        "scripts/main.ts",
        "scripts/docs.ts",
        "scripts/holder.ts",
        "scripts/keeper.ts",
        "scripts/check.ts",
        "scripts/sign.ts",
        "scripts/portrait.ts",
        "scripts/queue.ts",
        "styles/main.css",
        "styles/docs.css",
        "images/mark.svg",
      ],
    },
  },
});
