import { IdAttributePlugin } from "@11ty/eleventy";

export default function (eleventyConfig) {
  eleventyConfig.addPlugin(IdAttributePlugin);
}

export const config = {
  dir: {
    input: ".",
    output: "_site",
  },
};
