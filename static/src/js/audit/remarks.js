// Remarks beside fields: what looks like personal data in them, and why the server could not save them.
import { announce, plainWords, words } from './words.js'

const AROUND_CHARACTERS = 30

// `warnings` is {field name: [{what, fragment}]}, of the whole form.
export function showWarnings (form, warnings) {
  const had = clear(form, 'warning')
  let isNew = false
  for (const [name, found] of Object.entries(warnings)) {
    const control = controlOf(form, name)
    if (!control || !found.length) continue
    const box = remark(control, 'warning')
    for (const { what, fragment } of found) {
      const line = words('personal-data', { what })
      mark(line.querySelector('[data-fragment]'), control.value ?? '', fragment)
      box.append(line)
    }
    isNew ||= !had.has(name)
  }
  if (isNew) announce(plainWords('look-at-warnings'))
}

// `errors` is {field name: [sentence]}.
export function showErrors (form, errors) {
  clear(form, 'error')
  for (const [name, sentences] of Object.entries(errors)) {
    const control = controlOf(form, name)
    if (!control) continue
    const box = remark(control, 'error')
    for (const sentence of sentences) box.append(words('field-error', { sentence }))
  }
}

function controlOf (form, name) {
  return [...form.elements].find((control) => control.name === name)
}

function remark (control, kind) {
  const box = document.createElement('div')
  box.id = `remark-${kind}-${control.name}`
  box.dataset.remark = kind
  box.dataset.of = control.name
  box.className = `assay-remark assay-remark--${kind}`
  const about = control.type === 'radio' ? control.closest('fieldset, [role=radiogroup]') ?? control : control
  ;(about.closest('.assay-row__line') ?? about).before(box)
  const folded = about.closest('details')
  if (folded) folded.open = true
  const ids = (about.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean)
  about.setAttribute('aria-describedby', [...ids, box.id].join(' '))
  return box
}

// Takes remarks away, those that came with the page as well, and returns the names that had some.
function clear (form, kind) {
  const names = new Set()
  for (const box of form.querySelectorAll(`[data-remark="${kind}"]`)) {
    names.add(box.dataset.of)
    const about = form.querySelector(`[aria-describedby~="${CSS.escape(box.id)}"]`)
    const ids = about?.getAttribute('aria-describedby').split(' ').filter((id) => id !== box.id) ?? []
    if (ids.length) about.setAttribute('aria-describedby', ids.join(' '))
    else about?.removeAttribute('aria-describedby')
    box.remove()
  }
  return names
}

// Shows the fragment, marked, with a few words around it.
function mark (place, text, fragment) {
  const at = text.indexOf(fragment)
  const marked = document.createElement('mark')
  marked.textContent = fragment
  if (at < 0) {
    place.replaceChildren(marked)
    return
  }
  const end = at + fragment.length
  const before = text.slice(Math.max(0, at - AROUND_CHARACTERS), at)
  const after = text.slice(end, end + AROUND_CHARACTERS)
  place.replaceChildren(
    `${at > AROUND_CHARACTERS ? '…' : ''}${before}`, marked, `${after}${end + AROUND_CHARACTERS < text.length ? '…' : ''}`
  )
}
