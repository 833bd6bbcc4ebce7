//! A row of bars, drawn as SVG on the server: what it shows also stands in its name, for those who do not see it.

use leptos::prelude::*;

use crate::ui::*;

const HEIGHT: i64 = 96;
const STEP: i64 = 24;
const WIDTH: i64 = 16;

/// How tall each bar is, in units of the drawing: the largest value fills it, and what is not nothing can be seen.
fn heights(values: &[i64]) -> Vec<i64> {
    let most = values.iter().copied().max().unwrap_or_default().max(1);
    let height = |value: &i64| match value {
        ..=0 => 0,
        value => (value * HEIGHT / most).max(2),
    };
    values.iter().map(height).collect()
}

/// The bars; `name` says of what, `values` are oldest first.
pub(super) fn bars(name: &str, values: &[i64]) -> AnyView {
    let told: Vec<String> = values.iter().map(i64::to_string).collect();
    let label = format!("{name}, by week, oldest first: {}", told.join(", "));
    let bars = heights(values)
        .into_iter()
        .zip(0..)
        .map(|(height, at): (i64, i64)| {
            let (x, y) = ((at * STEP + 4).to_string(), (HEIGHT - height).to_string());
            view! { <rect class="chart-bar" x=x y=y width=WIDTH.to_string() height=height.to_string() rx="2"></rect> }.into_any()
        })
        .collect_any();
    let width = values.len() as i64 * STEP;
    view! {
        <svg class="chart" viewBox=format!("0 0 {width} {}", HEIGHT + 1) role="img" aria-label=label preserveAspectRatio="none">
            {bars}
            <line class="chart-base" x1="0" x2=width.to_string() y1=HEIGHT.to_string() y2=HEIGHT.to_string()></line>
        </svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::heights;

    #[test]
    fn the_largest_bar_fills_the_drawing_and_none_hides() {
        assert_eq!(heights(&[0, 1, 1_000]), [0, 2, 96]);
        assert_eq!(heights(&[0, 0]), [0, 0]);
        assert_eq!(heights(&[]), Vec::<i64>::new());
    }
}
