// A press is lost if the page moves a button from under it between down and up. What comes meanwhile waits for its end.
const LONGEST_MILLISECONDS = 5000 // where the end is never told, as after some menus
const CLICK_COMES_WITHIN_MILLISECONDS = 100 // of the end: at once with a mouse, later where a finger touches

let ended = Promise.resolve()
let end = () => {}

document.addEventListener('pointerdown', () => {
  end()
  ended = new Promise((resolve) => { end = resolve })
  setTimeout(end, LONGEST_MILLISECONDS)
})
for (const name of ['pointerup', 'pointercancel']) {
  document.addEventListener(name, () => setTimeout(end, CLICK_COMES_WITHIN_MILLISECONDS))
}

// Resolves once nobody presses anything.
export async function pressEnded () {
  await ended
}
