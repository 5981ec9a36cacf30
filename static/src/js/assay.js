// Makes pages smoother. Every page works without it.
import { createAll, initAll } from './govuk-frontend.min.js'
import { SortableTable } from './sortable-table.js'

initAll()
createAll(SortableTable)
