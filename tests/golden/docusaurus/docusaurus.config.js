// @ts-check
const config = {
  title: 'Kiln',
  url: 'https://kiln.example',
  baseUrl: '/',
  i18n: { defaultLocale: 'en', locales: ['en'] },
  presets: [['classic', { docs: { sidebarPath: './sidebars.js' }, blog: {} }]],
};

export default config;
