// Two people wrote the same audit: shows what differs, part by part, and puts together what the person chooses.
import { tidy, write } from './content.js'
import { announce, headingOf, labelOf, nameOf, plainWords, shown, shownRow, wholeOf, words } from './words.js'

const THEIRS = 'theirs'
const MINE = 'mine'

// Asks above the form which version of each part to keep; resolves once the choice stands in the form.
export function choose (form, { by, base, mine, theirs }, rows) {
  const parts = differences(form, { base, mine, theirs: theirs.content })
  const panel = opened(form, 'conflict', { name: by || plainWords('somebody-else') })
  const list = panel.querySelector('[data-parts]')
  parts.forEach((part, index) => list.append(question(part, index, by || plainWords('somebody-else'))))
  form.inert = true
  return new Promise((resolve) => {
    panel.querySelector('[data-take]').addEventListener('click', () => {
      const open = parts.findIndex((part, index) => !chosen(panel, index))
      panel.querySelector('[data-unanswered]').hidden = open < 0
      if (open >= 0) {
        announce(panel.querySelector('[data-unanswered]').textContent.trim())
        panel.querySelector(`[name="part-${open}"]`).focus()
        return
      }
      const mineToo = parts.filter((part, index) => chosen(panel, index) === MINE)
      const merged = theirs.content
      const content = structuredClone({ fields: merged.fields, rows: merged.rows })
      mineToo.forEach((part) => part.take(content))
      form.inert = false
      write(form, content, (kind, count) => rows.need(kind, count))
      panel.remove()
      resolve(theirs)
    })
  })
}

// There is no form any more, because the audit was submitted or nobody may write it now: shows what is kept here.
export function tellItIsClosed (form, { by, mine }, describe) {
  const panel = opened(form, 'closed', { name: by || plainWords('somebody-else') })
  panel.querySelector('[data-parts]').append(...describe(form, mine).map(([label, text]) => wordsOfPart(label, text)))
}

export function wordsOfPart (label, text) {
  const copy = words('kept-part')
  copy.querySelector('[data-slot=label]').textContent = label
  copy.querySelector('[data-slot=text]').textContent = text
  return copy
}

function opened (form, name, values) {
  for (const old of document.querySelectorAll('[data-dispute], [data-restored]')) old.remove()
  const panel = document.createElement('div')
  panel.dataset.dispute = ''
  panel.append(words(name, values))
  form.before(panel)
  panel.querySelector('h2').focus()
  return panel
}

function question (part, index, name) {
  const copy = words('conflict-part', { label: part.label, name })
  for (const side of [THEIRS, MINE]) {
    const input = copy.querySelector(`input[value=${side}]`)
    const nothing = copy.querySelector('[data-nothing]').textContent
    input.name = `part-${index}`
    input.id = `part-${index}-${side}`
    input.checked = part.likely === side
    const text = copy.querySelector(`[data-slot=${side}]`)
    text.closest('label').htmlFor = input.id
    text.textContent = part[side] || nothing
  }
  copy.querySelector('[data-nothing]').remove()
  return copy
}

function chosen (panel, index) {
  return panel.querySelector(`[name="part-${index}"]:checked`)?.value
}

// Returns [{label, theirs, mine, likely, take(content)}]: `take` writes my version of that part into a content.
function differences (form, contents) {
  const { base, mine, theirs } = Object.fromEntries(Object.entries(contents).map(([key, content]) => [key, tidy(content)]))
  const parts = []
  const note = (label, versions, show, take) => {
    const [of, ours, yours] = versions.map((version) => JSON.stringify(version))
    if (ours === yours) return
    const likely = of === ours ? THEIRS : of === yours ? MINE : ''
    parts.push({ label, mine: show(versions[1]), theirs: show(versions[2]), likely, take })
  }
  for (const { label, names } of groupsIn(form, mine.fields, theirs.fields)) {
    note(label, [base, mine, theirs].map((content) => names.map((name) => content.fields[name] ?? [])),
      (values) => names.map((name, index) => shown(form, name, values[index])).filter(Boolean).join(' '),
      (content) => { for (const name of names) content.fields[name] = mine.fields[name] ?? [] })
  }
  for (const kind of Object.keys({ ...theirs.rows, ...mine.rows })) {
    const [of, ours, yours] = [base, mine, theirs].map((content) => content.rows[kind] ?? [])
    const heading = headingOf(form, kind)
    if (![...ours, ...yours].some((row) => row.key)) {
      note(heading, [of, ours, yours], (list) => list.map((row) => shownRow(form, kind, row)).join('\n\n'),
        (content) => { content.rows[kind] = ours })
      continue
    }
    for (const key of new Set([...yours, ...ours].map(keyOf))) {
      note(heading, [of, ours, yours].map((list) => list.find((row) => keyOf(row) === key) ?? null),
        (row) => (row ? shownRow(form, kind, row) : ''),
        (content) => { content.rows[kind] = replaced(content.rows[kind], key, ours.find((row) => keyOf(row) === key)) })
    }
  }
  return parts
}

function keyOf (row) {
  return row.key?.[0] ?? ''
}

function replaced (rows, key, row) {
  const others = rows.filter((one) => keyOf(one) !== key)
  if (!row) return others
  const at = rows.findIndex((one) => keyOf(one) === key)
  return at < 0 ? [...others, row] : rows.map((one, index) => (index === at ? row : one))
}

// Names in the order of the form; those of one whole (day, month, year, time) together.
function groupsIn (form, ...maps) {
  const open = new Set(maps.flatMap((map) => Object.keys(map)))
  const groups = new Map()
  for (const control of form.elements) {
    if (!open.delete(control.name)) continue
    const whole = wholeOf(control)
    const group = groups.get(whole ?? control) ?? { label: whole ? nameOf(whole) : labelOf(control), names: [] }
    groups.set(whole ?? control, { ...group, names: [...group.names, control.name] })
  }
  return [...groups.values(), ...[...open].map((name) => ({ label: name, names: [name] }))]
}
