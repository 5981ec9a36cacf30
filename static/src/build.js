// Compiles the styles and copies the scripts that pages load into static/dist/. Run with `npm run build`.

import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as sass from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '..', '..')
const dist = join(root, 'static', 'dist')
const govuk = join(root, 'node_modules', 'govuk-frontend', 'dist', 'govuk')
const moj = join(root, 'node_modules', '@ministryofjustice', 'frontend', 'moj')

rmSync(dist, { recursive: true, force: true })
mkdirSync(join(dist, 'js'), { recursive: true })
mkdirSync(join(dist, 'images'), { recursive: true })

const { css } = sass.compile(join(here, 'scss', 'assay.scss'), {
  loadPaths: [root],
  style: 'compressed',
  quietDeps: true,
  charset: true
})
// The footer's crest is the crown's, not ours.
const styles = css.replaceAll(/[^{}]*\.govuk-footer__copyright-logo[^{}]*\{[^{}]*\}/g, '')
writeFileSync(join(dist, 'assay.css'), styles)

cpSync(join(here, 'js'), join(dist, 'js'), { recursive: true })
// Every image that the styles name: collecting the static files stops at one that is not there.
for (const name of new Set([...styles.matchAll(/url\("?images\/([^)"]+)"?\)/g)].map((match) => match[1]))) {
  copyFileSync(join(moj, 'assets', 'images', name), join(dist, 'images', name))
}
copyFileSync(join(here, 'images', 'favicon.svg'), join(dist, 'images', 'favicon.svg'))

// Browsers resolve only relative module names, and the source maps are not shipped.
const forBrowser = (source) =>
  source
    .replaceAll(/from\s*['"]govuk-frontend['"]/g, "from './govuk-frontend.min.js'")
    .replaceAll(/^\/\/# sourceMappingURL=.*$/gm, '')
const scripts = {
  'govuk-frontend.min.js': join(govuk, 'govuk-frontend.min.js'),
  'sortable-table.js': join(moj, 'components', 'sortable-table', 'sortable-table.mjs')
}
for (const [name, path] of Object.entries(scripts)) {
  writeFileSync(join(dist, 'js', name), forBrowser(readFileSync(path, 'utf8')))
}
