use super::*;

const ROW: f64 = 28.0;
const VIEW: f64 = 560.0;
const MILLION: usize = 1_000_000;

fn window(rows: usize) -> Window {
    let mut window = Window::new(ROW);
    window.set_view(VIEW);
    window.set_rows(rows, 0);
    window
}

/// Returns the rows that the user sees, computed from the position of the rows in the box.
fn seen(window: &Window) -> Range<usize> {
    let range = window.range();
    let first = ((window.scroll_top() - window.offset()) / ROW).floor();
    let last = ((window.scroll_top() + VIEW - window.offset()) / ROW).ceil();
    range.start + first as usize..(range.start + last as usize).min(window.rows)
}

#[test]
fn few_rows_are_made_of_many() {
    for rows in [0, 1, 20, 1_000, MILLION, 100 * MILLION] {
        let window = window(rows);
        assert!(window.range().len() <= 20 + 2 * SPARE + 2, "{rows}: {:?}", window.range());
        assert!(window.height() <= MOST_PX);
        assert_eq!(window.range().end, rows, "it begins at the end");
    }
}

#[test]
fn the_rows_in_sight_are_made_wherever_the_box_is_scrolled_to() {
    for rows in [100, 1_000, MILLION] {
        let mut window = window(rows);
        let most = window.height() - VIEW;
        for step in 0..=1_000 {
            window.scrolled(most * f64::from(step) / 1_000.0);
            let (seen, made) = (seen(&window), window.range());
            assert!(made.start <= seen.start && seen.end <= made.end, "{rows}, {step}: {seen:?} in {made:?}");
        }
        assert_eq!(seen(&window).end, rows);
        window.scrolled(0.0);
        assert_eq!(seen(&window).start, 0);
    }
}

#[test]
fn a_near_move_is_exact_in_a_list_too_high_for_its_box() {
    let mut window = window(MILLION);
    window.scrolled(4_000_000.0);
    let before = seen(&window).start;
    let mut scroll_top = window.scroll_top();
    for _ in 0..100 {
        scroll_top += ROW;
        window.scrolled(scroll_top);
    }
    assert_eq!(seen(&window).start, before + 100);
}

#[test]
fn both_ends_are_reached_by_near_moves_alone() {
    let mut window = window(MILLION);
    for (direction, from) in [(-1.0, 700.0), (1.0, 8_000_000.0 - 700.0 - VIEW)] {
        window.scrolled(from);
        for _ in 0..10_000_000 {
            let scroll_top = (window.scroll_top() + direction * 100.0).clamp(0.0, MOST_PX - VIEW);
            window.scrolled(scroll_top);
            if window.top <= 0.0 || window.top >= window.top_most() {
                break;
            }
        }
        let end = if direction < 0.0 { 0..20 } else { MILLION - 20..MILLION };
        assert_eq!((seen(&window), window.scroll_top()), (end, window.proportional()));
    }
}

#[test]
fn a_reader_who_moves_up_stays_there_until_back_at_the_end() {
    let mut window = window(1_000);
    assert!(window.at_end());
    let end = window.scroll_top();
    window.scrolled(end - 200.0);
    assert!(!window.at_end());
    let before = seen(&window);
    window.set_rows(1_500, 0);
    assert_eq!(seen(&window), before);
    window.scrolled(1_500.0 * ROW - VIEW - 3.0);
    assert!(window.at_end());
    window.set_rows(2_000, 0);
    assert_eq!(seen(&window).end, 2_000);
}

#[test]
fn rows_that_came_since_the_last_move_do_not_count_as_a_move_up() {
    let mut window = window(1_000);
    let scroll_top = window.scroll_top();
    window.set_rows(1_200, 0);
    window.at_end = true;
    window.top = scroll_top;
    window.scrolled(scroll_top);
    assert!(window.at_end());
}

#[test]
fn a_reader_keeps_the_rows_in_sight_when_the_oldest_go() {
    for rows in [1_000, MILLION] {
        let mut window = window(rows);
        window.scrolled(window.height() / 2.0);
        let before = seen(&window);
        window.set_rows(rows, 100);
        assert_eq!(seen(&window), before.start - 100..before.end - 100);
        window.set_rows(rows, rows);
        assert_eq!(seen(&window).start, 0, "what was in sight is gone");
    }
}

#[test]
fn a_row_is_revealed_by_the_shortest_way() {
    let mut window = window(1_000);
    window.reveal(10);
    assert_eq!((seen(&window).start, window.at_end()), (10, false));
    window.reveal(29);
    assert_eq!(seen(&window), 10..30, "it is in sight");
    window.reveal(30);
    assert_eq!(seen(&window), 11..31);
    window.reveal(999);
    assert!(window.at_end());
    assert_eq!(window.page(), 19);
}

#[test]
fn a_list_that_shrinks_shows_its_end() {
    let mut window = window(MILLION);
    window.scrolled(1_000_000.0);
    window.set_rows(5, 0);
    assert_eq!((window.range(), window.scroll_top(), window.offset()), (0..5, 0.0, 0.0));
    window.set_rows(0, 0);
    assert_eq!(window.range(), 0..0);
}

#[test]
fn a_list_that_does_not_follow_begins_at_its_start_and_stays() {
    let mut window = Window::from_start(ROW);
    window.set_view(VIEW);
    window.set_rows(5, 0);
    window.set_rows(MILLION, 0);
    assert_eq!(seen(&window).start, 0);
    window.scrolled(window.height() - VIEW);
    assert_eq!(seen(&window).end, MILLION);
    window.set_rows(2 * MILLION, 0);
    assert!(seen(&window).end <= MILLION + 1, "what comes behind its end does not move it");
    window.set_rows(10, 0);
    assert_eq!((seen(&window), window.scroll_top()), (0..10, 0.0));
}

/// A regression test. Browsers scroll as soon as a view grows, and report the new size only afterwards. The window once took this
/// for a user who scrolled up.
#[test]
fn a_view_that_grows_at_the_end_stays_there() {
    let mut window = window(1_000);
    window.scrolled(1_000.0 * ROW - 2.0 * VIEW);
    window.set_view(2.0 * VIEW);
    assert!(window.at_end());
    window.set_rows(1_001, 0);
    assert_eq!(window.scroll_top(), 1_001.0 * ROW - 2.0 * VIEW);
}

#[test]
fn a_row_is_centred_as_far_as_there_are_rows_around_it() {
    let mut window = window(1_000);
    for (row, top) in [(500, 500.5 * ROW - VIEW / 2.0), (0, 0.0), (999, 1_000.0 * ROW - VIEW)] {
        window.centre(row);
        assert_eq!((window.scroll_top(), window.at_end()), (top, row == 999), "{row}");
    }
}
