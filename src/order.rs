//! Putting things in order, and into maps, with one sorting routine for all types.
//!
//! The standard library compiles some 4 KB for each type that is sorted and each way of comparing,
//! also where a map is collected. Here places are sorted, and things only moved to them.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Puts items in the order that `compare` says; equal items stay as they came.
pub fn sort_by<T>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let places = places(items.len(), &|left, right| compare(&items[left], &items[right]));
    let mut waiting: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(places.into_iter().filter_map(|place| waiting[place].take()));
}

/// Puts items in the order of their keys; items of one key stay as they came.
pub fn sort_by_key<T, K: Ord>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    sort_by(items, |left, right| key(left).cmp(&key(right)));
}

/// Puts items in their own order.
pub fn sort<T: Ord>(items: &mut Vec<T>) {
    sort_by(items, T::cmp);
}

/// A map of these entries; the last of one key stays.
pub fn map<K: Ord, V>(entries: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    for (key, value) in entries {
        map.insert(key, value);
    }
    map
}

/// A set of these items.
pub fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    for item in items {
        set.insert(item);
    }
    set
}

/// The places of so many things, in the order of what stands there.
#[allow(clippy::disallowed_methods)]
fn places(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..len).collect();
    places.sort_by(|left, right| compare(*left, *right));
    places
}

#[cfg(test)]
mod tests {
    use super::{map, set, sort, sort_by_key};

    #[test]
    fn equal_items_stay_as_they_came() {
        let mut words = vec!["pear", "fig", "plum", "kiwi", "nut"];
        sort_by_key(&mut words, |word| word.len());
        assert_eq!(words, ["fig", "nut", "pear", "plum", "kiwi"]);
        sort(&mut words);
        assert_eq!(words, ["fig", "kiwi", "nut", "pear", "plum"]);
    }

    #[test]
    fn the_last_of_one_key_stays() {
        assert_eq!(map([("b", 1), ("a", 2), ("b", 3)]).into_iter().collect::<Vec<_>>(), [("a", 2), ("b", 3)]);
        assert_eq!(set([2, 1, 2]).into_iter().collect::<Vec<_>>(), [1, 2]);
    }
}
