module.exports = {
  siteMetadata: {
    title: `Allotment`,
    siteUrl: `https://allotments.example/`,
  },
  plugins: [
    {
      resolve: `gatsby-source-filesystem`,
      options: { path: `${__dirname}/blog`, name: `blog` },
    },
  ],
}
