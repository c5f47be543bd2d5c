import { defineConfig } from "vite";

// Every entry is named by its source, and pages.py finds the built file in the manifest by that name.
export default defineConfig({
  base: "/static/",
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
        "styles/main.css",
        "styles/docs.css",
        "images/mark.svg",
      ],
    },
  },
});
