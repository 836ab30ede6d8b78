/** Of many numbers a few. */

export function summarise(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return { calls: sorted.length, median: quantile(sorted, 0.5), p90: quantile(sorted, 0.9), least: sorted[0] };
}

export function median(numbers) {
  return summarise(numbers).median;
}

/** Between the two nearest ones in proportion. */
function quantile(sorted, share) {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  return below + (sorted[Math.ceil(place)] - below) * (place % 1);
}
