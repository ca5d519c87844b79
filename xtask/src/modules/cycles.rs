//! Finds cycles among siblings.

use std::collections::{BTreeMap, BTreeSet};

use super::resolve::Edge;

/// A set of siblings, each of which imports each other, directly or through others of the set.
pub struct Cycle<'a> {
    /// The module that contains the siblings.
    pub parent: usize,
    /// The siblings.
    pub modules: BTreeSet<usize>,
    edges: Vec<&'a Edge>,
}

impl<'a> Cycle<'a> {
    /// The imports between modules of the cycle, as the importing module, the imported module, and the places.
    pub fn imports(&self) -> Vec<(usize, usize, Vec<&'a Edge>)> {
        let mut imports: BTreeMap<(usize, usize), Vec<&Edge>> = BTreeMap::new();
        for edge in &self.edges {
            imports.entry((edge.from, edge.to)).or_default().push(edge);
        }
        imports.into_iter().map(|((from, to), edges)| (from, to, edges)).collect()
    }
}

/// Finds all cycles. Each module is in one cycle at most.
pub fn find(edges: &[Edge]) -> Vec<Cycle<'_>> {
    let mut imports: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for edge in edges {
        imports.entry(edge.from).or_default().insert(edge.to);
    }
    let reachable: BTreeMap<usize, BTreeSet<usize>> =
        imports.keys().map(|module| (*module, reachable_from(*module, &imports))).collect();
    let reaches = |from: usize, to: usize| reachable.get(&from).is_some_and(|modules| modules.contains(&to));
    let mut cycles: Vec<Cycle> = Vec::new();
    for edge in edges.iter().filter(|edge| reaches(edge.to, edge.from)) {
        let known = cycles.iter_mut().find(|cycle| cycle.modules.contains(&edge.from));
        match known {
            Some(cycle) => cycle.edges.push(edge),
            None => {
                let in_cycle = |module: &usize| reaches(edge.from, *module) && reaches(*module, edge.from);
                let modules = imports.keys().copied().filter(in_cycle).collect();
                cycles.push(Cycle { parent: edge.parent, modules, edges: vec![edge] });
            }
        }
    }
    cycles
}

fn reachable_from(module: usize, imports: &BTreeMap<usize, BTreeSet<usize>>) -> BTreeSet<usize> {
    let mut reachable = BTreeSet::new();
    let mut pending = vec![module];
    while let Some(next) = pending.pop() {
        for imported in imports.get(&next).into_iter().flatten() {
            if reachable.insert(*imported) {
                pending.push(*imported);
            }
        }
    }
    reachable
}
