// Single keys for what is done hundreds of times a day. The page lists them (templates/cases/shortcuts.jinja), and each
// person can switch them off; they rest while somebody types, chooses from a list, or holds Ctrl, Alt or Meta.
import { choice, choose } from './store.js'
import { announce, plainWords } from './words.js'

const OFF = 'off'

export class Shortcuts {
  constructor (form, { rows, save }) {
    this.form = form
    this.rows = rows
    this.save = save
    this.panel = document.querySelector('[data-shortcuts]')
    this.keys = new Map([...this.panel.querySelectorAll('[data-key]')].map((entry) => [entry.dataset.key, entry.dataset]))
    this.toggle = this.panel.querySelector('[data-shortcuts-on]')
    this.toggle.checked = choice('shortcuts', form.dataset.user) !== OFF
    this.toggle.addEventListener('change', () => {
      choose('shortcuts', form.dataset.user, this.toggle.checked ? 'on' : OFF)
      announce(plainWords(this.toggle.checked ? 'shortcuts-on' : 'shortcuts-off'))
    })
    document.addEventListener('keydown', (event) => this.pressed(event))
    form.addEventListener('focusin', (event) => {
      this.lastRow = event.target.closest('[data-indicator]') ?? this.lastRow
    })
  }

  pressed (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || this.form.inert) return
    if (!this.toggle.checked) return
    if (isWritten(event.target)) {
      if (event.key === 'Escape') this.leave(event.target)
      return
    }
    const grade = /^[1-9]$/.test(event.key) && this.grades()[Number(event.key) - 1]
    const entry = this.keys.get(event.key.toLowerCase())
    if (!grade && !entry) return
    event.preventDefault()
    if (event.repeat && !['next', 'previous'].includes(entry?.does)) return
    if (grade) this.pick(grade)
    else this[entry.does](entry)
  }

  // Out of a field, to where shortcuts work again.
  leave (field) {
    const place = field.closest('[data-indicator], [data-row], [data-section], form')
    field.blur()
    place.tabIndex = -1
    place.focus({ preventScroll: true })
  }

  grades () {
    return [...this.form.querySelectorAll('input[name=grade]')].filter((radio) => radio.value)
  }

  pick (radio) {
    radio.click()
    radio.focus()
  }

  indicators () {
    return [...this.form.querySelectorAll('[data-indicator]')]
  }

  row () {
    return document.activeElement?.closest('[data-indicator]') ?? this.lastRow ?? null
  }

  goTo (row) {
    const radios = [...row.querySelectorAll('input[type=radio]')]
    const target = radios.find((radio) => radio.checked) ?? radios[0]
    target.focus()
    row.scrollIntoView({ block: 'nearest' })
  }

  step (by) {
    const rows = this.indicators()
    const at = rows.indexOf(this.row())
    const row = at < 0 ? rows[0] : rows[at + by]
    if (row) this.goTo(row)
  }

  next () {
    this.step(1)
  }

  previous () {
    this.step(-1)
  }

  answer ({ value }) {
    const row = this.row() ?? this.indicators()[0]
    const radio = row?.querySelector(`input[type=radio][value="${value}"]`)
    if (!radio) return
    radio.click()
    const rows = this.indicators()
    this.goTo(rows[rows.indexOf(row) + 1] ?? row)
  }

  note () {
    const row = this.row()
    const field = row?.querySelector('textarea, input[type=text]')
    if (!field) return
    const folded = field.closest('details')
    if (folded) folded.open = true
    field.focus()
  }

  add ({ value }) {
    this.rows.add(value)
  }

  reason () {
    this.form.elements.reason?.focus()
  }

  keep () {
    this.save()
  }

  press ({ value }) {
    const button = this.form.querySelector(`[name=action][value="${value}"]`) ?? this.form.querySelector('[name=action]')
    button.click()
  }

  show () {
    const details = this.panel.closest('details') ?? this.panel.querySelector('details')
    details.open = !details.open
    details.querySelector('summary').focus()
  }
}

function isWritten (element) {
  if (element.isContentEditable || ['TEXTAREA', 'SELECT'].includes(element.tagName)) return true
  return element.tagName === 'INPUT' && !['radio', 'checkbox', 'button', 'submit', 'reset', 'range', 'color'].includes(element.type)
}
