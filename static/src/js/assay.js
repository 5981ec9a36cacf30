// Makes pages smoother. Every page works without it.
import { createAll, initAll } from './govuk-frontend.min.js'
import { SortableTable } from './sortable-table.js'

initAll()
createAll(SortableTable)

// On a phone the list matters more than its filter, which unfolds on demand.
if (window.matchMedia('(max-width: 48em)').matches) {
  for (const filter of document.querySelectorAll('[data-module="assay-filter"]')) {
    filter.removeAttribute('open')
  }
}
