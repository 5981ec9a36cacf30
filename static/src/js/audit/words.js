// Every word that scripts show comes from the page: from <template>s, and from the labels of the form.
import { placeInRow, kindsOf, tidy } from './content.js'

// Returns what the <template data-words="name"> holds, with {placeholders} filled in.
export function words (name, values = {}) {
  const template = document.querySelector(`template[data-words="${name}"]`)
  const copy = template.content.cloneNode(true)
  const walker = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT)
  while (walker.nextNode()) {
    const node = walker.currentNode
    if (node.nodeType === Node.TEXT_NODE) node.data = filled(node.data, values)
    else for (const attribute of node.attributes) attribute.value = filled(attribute.value, values)
  }
  return copy
}

function filled (text, values) {
  return text.replaceAll(/\{(\w+)\}/g, (placeholder, name) => values[name] ?? placeholder)
}

export function plainWords (name, values) {
  return squeezed(words(name, values).textContent)
}

// Says something to people who listen to the page, once.
export function announce (text) {
  const place = document.querySelector('[data-announcer]')
  if (!place || !text) return
  place.textContent = ''
  requestAnimationFrame(() => { place.textContent = text })
}

export function timeOf (moment) {
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit', minute: '2-digit' }).format(moment)
}

export function dateAndTimeOf (moment) {
  const day = new Intl.DateTimeFormat(document.documentElement.lang, {
    timeZone: 'Europe/London', day: 'numeric', month: 'long', year: 'numeric'
  }).format(moment)
  return `${day}, ${timeOf(moment)}`
}

function squeezed (text) {
  return (text ?? '').replace(/\s+/g, ' ').trim()
}

// What a control is called: the name of its group where it is one of several.
export function labelOf (control) {
  const named = control.closest('[data-label]:not([data-rows])')?.dataset.label
  if (named) return named
  const isChoice = control.type === 'radio' || control.type === 'checkbox'
  const group = control.closest('fieldset, [role=radiogroup], [role=group]')
  if (isChoice && group) return nameOf(group)
  const whole = wholeOf(control)
  return whole ? `${nameOf(whole)}: ${ownLabelOf(control)}` : ownLabelOf(control)
}

// The group of which a control is only a part, such as the day of a moment.
export function wholeOf (control) {
  const isChoice = control.type === 'radio' || control.type === 'checkbox'
  return isChoice || control.closest('[data-row]') ? null : control.closest('fieldset')
}

export function nameOf (group) {
  const ids = group.getAttribute('aria-labelledby')?.split(' ') ?? []
  const by = ids.map((id) => document.getElementById(id)?.textContent).join(' ')
  return squeezed(group.querySelector('legend')?.textContent || by || group.getAttribute('aria-label'))
}

function ownLabelOf (control) {
  return squeezed(control.labels?.[0]?.textContent || control.getAttribute('aria-label') || control.name)
}

// How a value reads to people: the label of what is chosen, or the text itself.
export function shown (form, name, values) {
  const controls = [...form.elements].filter((control) => control.name === name)
  return values.map((value) => {
    const control = controls.find((one) => one.type === 'radio' || one.type === 'checkbox' ? one.value === value : true)
    if (!control) return value
    if (control.tagName === 'SELECT') {
      return squeezed([...control.options].find((option) => option.value === value)?.textContent ?? value)
    }
    return control.type === 'radio' || control.type === 'checkbox' ? ownLabelOf(control) : value
  }).join(', ')
}

// A row as lines of “label: value”; hidden parts say nothing to people.
export function shownRow (form, kind, row) {
  const example = exampleOf(form, kind)
  return Object.entries(row).flatMap(([part, values]) => {
    const control = example.find((one) => placeInRow(one.name, [kind])?.[2] === part)
    if (!control || control.type === 'hidden') return []
    const value = shown(form, control.name, values)
    return value ? [`${labelOf(control)}: ${value}`] : []
  }).join('\n')
}

function exampleOf (form, kind) {
  const controls = [...form.elements].filter((control) => placeInRow(control.name, [kind]))
  const first = controls.length && placeInRow(controls[0].name, [kind])[1]
  return controls.filter((control) => placeInRow(control.name, [kind])[1] === first)
}

export function headingOf (form, kind) {
  return form.querySelector(`[data-rows="${kind}"]`)?.dataset.label ?? kind
}

// Everything that was written, as [label, text], for somebody who can no longer save it.
export function describe (form, content) {
  const { fields, rows } = tidy(content)
  const list = Object.entries(fields).flatMap(([name, values]) => {
    const control = [...form.elements].find((one) => one.name === name)
    return control && control.type !== 'hidden' ? [[labelOf(control), shown(form, name, values)]] : []
  })
  for (const kind of kindsOf(form)) {
    for (const row of rows[kind] ?? []) list.push([headingOf(form, kind), shownRow(form, kind, row)])
  }
  return list
}
