
(() => {
  const all = [...document.querySelectorAll('details.scn')];
  const tiles = [...document.querySelectorAll('[data-show]')];
  const find = document.getElementById('find');
  const shown = document.getElementById('shown');
  const expand = document.getElementById('expand');
  if (!find) return;
  const text = all.map((s) =>
    (s.querySelector('summary').textContent + ' ' + s.parentNode.querySelector('h3').textContent).toLowerCase());
  let show = 'all';

  const visible = () => all.filter((s) => !s.hidden);
  const label = () => {
    const some = visible();
    expand.textContent = some.length && some.every((s) => s.open) ? 'Collapse shown' : 'Expand shown';
  };
  const apply = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    all.forEach((s, i) => {
      s.hidden = !((show === 'all' || s.dataset.result === show) && words.every((w) => text[i].includes(w)));
      s.classList.remove('first', 'last');
    });
    for (const feature of document.querySelectorAll('.feature')) {
      const left = [...feature.querySelectorAll('details.scn')].filter((s) => !s.hidden);
      feature.hidden = !left.length;
      if (left.length) {
        left[0].classList.add('first');
        left[left.length - 1].classList.add('last');
      }
    }
    for (const t of tiles) t.setAttribute('aria-pressed', String(t.dataset.show === show));
    const count = visible().length;
    shown.textContent = count === all.length ? '' : count + ' of ' + all.length + ' shown';
    label();
  };
  const reveal = () => {
    const target = all.find((s) => '#' + s.id === location.hash);
    if (!target) return;
    if (target.hidden) {
      show = 'all';
      find.value = '';
      apply();
    }
    target.open = true;
    target.scrollIntoView();
  };

  for (const t of tiles) {
    t.disabled = false;
    t.addEventListener('click', () => {
      show = t.dataset.show === show ? 'all' : t.dataset.show;
      apply();
    });
  }
  find.parentNode.hidden = expand.hidden = false;
  find.addEventListener('input', apply);
  expand.addEventListener('click', () => {
    const some = visible();
    const open = !some.every((s) => s.open);
    some.forEach((s) => { s.open = open; });
    label();
  });
  addEventListener('hashchange', reveal);
  apply();
  reveal();
  // the line that shows the failure in the middle of each console, without moving the page
  const center = (box) => {
    const hit = box.querySelector('.hit');
    if (hit) box.scrollTop = hit.offsetTop - box.clientHeight / 2;
  };
  for (const box of document.querySelectorAll('.console')) {
    center(box);
    box.closest('details').addEventListener('toggle', () => center(box), { once: true });
  }
})();
