// Numbers that count up to their new value.

const DURATION_MS = 700;
const still = matchMedia("(prefers-reduced-motion: reduce)");

/** Shows a number. A number that has grown counts up, unless the user prefers reduced motion. */
export function countUp(place, goal) {
	const start = Number(place.textContent) || 0;
	if (Number(place.dataset.goal ?? start) === goal) {
		place.textContent ||= String(goal);
		return;
	}
	place.dataset.goal = goal;
	if (still.matches || goal < start || document.hidden) {
		place.textContent = goal;
		return;
	}
	const begun = performance.now();
	const step = (now) => {
		// A newer number replaced this one.
		if (Number(place.dataset.goal) !== goal) return;
		const share = Math.min(1, (now - begun) / DURATION_MS);
		place.textContent = share < 1 ? Math.round(start + (goal - start) * share) : goal;
		if (share < 1) requestAnimationFrame(step);
	};
	requestAnimationFrame(step);
}
