// What stands in the audit's form, in a shape that can be kept, compared and written back:
// {fields: {name: [values]}, rows: {kind: [{name: [values]}, …]}, sorted: [kinds]}. A row's names come without its kind
// and number; rows in which nothing was typed, and removed ones, are none; of `sorted` kinds the server decides the order.

const ASIDE = new Set(['csrfmiddlewaretoken', 'version', 'action', 'confirmed_reason'])
const IDENTITY = 'key'

// Forms that save by themselves.
export const WRITTEN = 'form[data-module="assay-audit"], form[data-module="assay-section"]'
const REMOVED = 'remove'
const IDENTITY_BYTES = 8

// A button called “action” hides the form's property of that name.
export function addressOf (form) {
  return new URL(form.getAttribute('action'), location.href).pathname
}

export function kindsOf (form) {
  return [...form.querySelectorAll('[data-rows]')].map((list) => list.dataset.rows)
}

// Returns [kind, number, name] of a control that belongs to a row, else null.
export function placeInRow (name, kinds) {
  const match = /^([a-z]+)-(\d+)-(.+)$/.exec(name)
  return match && kinds.includes(match[1]) ? [match[1], Number(match[2]), match[3]] : null
}

export function read (form) {
  const kinds = kindsOf(form)
  const fields = {}
  const numbered = Object.fromEntries(kinds.map((kind) => [kind, new Map()]))
  for (const [name, value] of pairs(form)) {
    const place = placeInRow(name, kinds)
    if (!place) {
      (fields[name] ??= []).push(value)
      continue
    }
    const [kind, number, part] = place
    if (!numbered[kind].has(number)) numbered[kind].set(number, {})
    ;(numbered[kind].get(number)[part] ??= []).push(value)
  }
  const rows = {}
  for (const kind of kinds) {
    const blank = blankRow(form, kind)
    rows[kind] = [...numbered[kind].values()].filter((row) => !row[REMOVED] && saysSomething(row, blank))
  }
  const sorted = kinds.filter((kind) => form.querySelector(`[data-rows="${kind}"][data-sorted]`))
  return { fields, rows, sorted }
}

// Values that stand in a row before anybody types: {name: [values]}.
function blankRow (form, kind) {
  const blank = document.createElement('form')
  const template = form.querySelector(`template[data-row-template="${kind}"]`)
  if (template) blank.append(template.content.cloneNode(true))
  return Object.fromEntries([...new FormData(blank)].map(([name, value]) => [name.split('-').slice(2).join('-'), [value]]))
}

function saysSomething (row, blank) {
  return Object.entries(row).some(([part, values]) => {
    const given = plainList(values)
    return part !== IDENTITY && given.length && JSON.stringify(given) !== JSON.stringify(plainList(blank[part] ?? []))
  })
}

// The names and values of the form as it stands, to send.
export function pairs (form) {
  return [...new FormData(form)].filter(([name, value]) => !ASIDE.has(name) && typeof value === 'string')
}

// The names and values of a content that is in no form; its rows are numbered anew.
export function pairsOf (content) {
  const list = Object.entries(content.fields).flatMap(([name, values]) => values.map((value) => [name, value]))
  for (const [kind, rows] of Object.entries(content.rows)) {
    rows.forEach((row, number) => {
      for (const [part, values] of Object.entries(row)) {
        for (const value of values) list.push([`${kind}-${number}-${part}`, value])
      }
    })
  }
  return list
}

// Writes `content` into the form. `needRows(kind, count)` has to see to it that the form has that many rows, and return
// the numbers of all of them in their order; the rows that are left over become empty.
export function write (form, content, needRows) {
  const wanted = new Map(Object.entries(content.fields))
  const kinds = kindsOf(form)
  for (const kind of kinds) {
    const rows = content.rows[kind] ?? []
    needRows(kind, rows.length).forEach((number, index) => {
      for (const [part, values] of Object.entries(rows[index] ?? blankRow(form, kind))) {
        wanted.set(`${kind}-${number}-${part}`, values)
      }
      if (!rows[index]) wanted.set(`${kind}-${number}-${IDENTITY}`, [newKey()])
    })
  }
  const written = new Map() // how many of a name's values
  for (const control of form.elements) {
    if (!control.name || ASIDE.has(control.name) || ['file', 'submit'].includes(control.type)) continue
    const values = wanted.get(control.name) ?? []
    if (control.type === 'radio' || control.type === 'checkbox') {
      control.checked = values.includes(control.value)
    } else if (control.multiple) {
      for (const option of control.options) option.selected = values.includes(option.value)
    } else {
      const turn = written.get(control.name) ?? 0
      written.set(control.name, turn + 1)
      control.value = values[turn] ?? ''
    }
  }
}

export function newKey () {
  return [...crypto.getRandomValues(new Uint8Array(IDENTITY_BYTES))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

// Empty values mean nothing, and servers trim: two contents that differ in nothing else are the same.
export function tidy (content) {
  const rows = {}
  for (const kind of Object.keys(content.rows).sort()) {
    rows[kind] = content.rows[kind].map(tidyValues)
    if (content.sorted?.includes(kind)) rows[kind].sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
  }
  return { fields: tidyValues(content.fields), rows }
}

function tidyValues (values) {
  const names = Object.keys(values).sort()
  return Object.fromEntries(names.map((name) => [name, plainList(values[name])]).filter(([, list]) => list.length))
}

function plainList (values) {
  return values.map((value) => value.replaceAll('\r\n', '\n').trim()).filter(Boolean)
}

export function same (one, other) {
  return JSON.stringify(tidy(one)) === JSON.stringify(tidy(other))
}
