// Rows of findings, events and people: one more without a reload. A row whose “Remove” is ticked folds away and stays
// until the page is loaded anew, so that the tick can be taken back.
import { initAll } from '../govuk-frontend.min.js'
import { newKey, placeInRow } from './content.js'

const NUMBER = /__n__/g
const REMOVED = 'assay-row--removed'

export class Rows {
  constructor (form) {
    this.form = form
    form.addEventListener('click', (event) => {
      const button = event.target.closest('button[name=action][value^=add_]')
      if (!button || !this.template(button.value.slice('add_'.length))) return
      event.preventDefault()
      this.add(button.value.slice('add_'.length))
    })
    form.addEventListener('change', (event) => {
      if (event.target.name?.endsWith('-remove')) this.fold(event.target.closest('[data-row]'))
    })
    this.refresh()
  }

  template (kind) {
    return this.form.querySelector(`template[data-row-template="${kind}"]`)
  }

  of (kind) {
    return [...this.form.querySelectorAll(`[data-row="${kind}"]`)]
  }

  numbers (kind) {
    return this.of(kind).map((row) => placeInRow(row.querySelector(`[name^="${kind}-"]`).name, [kind])[1])
  }

  // Goes into the first row in which nothing is typed, or into a new one.
  add (kind) {
    const row = this.of(kind).find(isEmpty) ?? this.append(kind)
    for (const folded of [row.closest('details'), row.querySelector('details:has(textarea)')]) {
      if (folded) folded.open = true
    }
    controls(row)[0]?.focus()
    return row
  }

  append (kind) {
    const number = String(Math.max(-1, ...this.numbers(kind)) + 1)
    const copy = this.template(kind).content.cloneNode(true)
    for (const element of copy.querySelectorAll('*')) {
      for (const attribute of element.attributes) attribute.value = attribute.value.replace(NUMBER, number)
    }
    const row = copy.querySelector('[data-row]')
    const key = row.querySelector(`[name="${kind}-${number}-key"]`)
    if (key) key.value = newKey()
    this.form.querySelector(`[data-rows="${kind}"]`).append(copy)
    initAll({ scope: row })
    return row
  }

  // Sees to it that there are rows enough and returns the numbers of all.
  need (kind, count) {
    while (this.of(kind).length < count) this.append(kind)
    return this.numbers(kind)
  }

  fold (row) {
    row.classList.toggle(REMOVED, row.querySelector('[name$="-remove"]').checked)
  }

  refresh () {
    for (const row of this.form.querySelectorAll('[data-row]:has([name$="-remove"])')) this.fold(row)
  }
}

function isEmpty (row) {
  return controls(row).every((control) => {
    if (control.type === 'radio' || control.type === 'checkbox') return control.checked === control.defaultChecked
    if (control.tagName === 'SELECT') return [...control.options].every((option) => option.selected === option.defaultSelected || !control.value)
    return !control.value.trim()
  })
}

function controls (row) {
  return [...row.querySelectorAll('input:not([type=hidden], [name$="-remove"]), select, textarea')]
}
