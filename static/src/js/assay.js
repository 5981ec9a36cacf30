// Makes pages smoother. Every page works without it.
import { createAll, initAll } from './govuk-frontend.min.js'
import { SortableTable } from './sortable-table.js'
import { startBulkForms } from './bulk.js'
import { lookAfterKeptWords } from './audit/kept.js'

initAll()
createAll(SortableTable)
startBulkForms()

// On a phone the list matters more than its filter, which unfolds on demand.
if (window.matchMedia('(max-width: 48em)').matches) {
  for (const filter of document.querySelectorAll('[data-module="assay-filter"]')) {
    filter.removeAttribute('open')
  }
}

// So does the text of a section, which its outline stands beside only where there is room.
if (window.matchMedia('(max-width: 64em)').matches) {
  document.querySelector('[data-outline]')?.removeAttribute('open')
}

lookAfterKeptWords()
const audit = document.querySelector('form[data-module="assay-audit"]')
if (audit) import('./audit/page.js').then(({ start }) => start(audit))
const section = document.querySelector('form[data-module="assay-section"]')
if (section) import('./section/page.js').then(({ start }) => start(section))
const comment = document.querySelector('form[data-module="assay-passage"]')
if (comment) import('./passage.js').then(({ quoteSelection }) => quoteSelection(comment))
