//! The API's lists are read off indexes: whoever filters by what is common in a directory of many does not make the server read all of it.

use super::plan;
use crate::both_databases;
use crate::domain::access::Visible;
use crate::domain::id::CatalogId;
use crate::domain::odata::QueryOptions;
use crate::store::Arg;
use crate::store::odata::users::Which;
use crate::store::odata::{resources, role_assignments, users};
use crate::testing::{TestApp, unknown};

both_databases!(f173_lists_of_the_api_are_read_off_indexes);

fn options(query: &str) -> QueryOptions {
    let pairs: Vec<(String, String)> = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    QueryOptions::parse(&pairs).expect("options")
}

async fn f173_lists_of_the_api_are_read_off_indexes(bench: TestApp) {
    let id = unknown();
    let catalog = CatalogId(id);
    let mut statements: Vec<(String, (String, Vec<Arg>), bool)> = Vec::new();
    for query in [
        "",
        "$filter=jobTitle eq 'Seller'",
        "$filter=department eq 'Sales'&$orderby=department",
        "$orderby=department,displayName",
        "$orderby=userPrincipalName desc,id desc",
    ] {
        statements.push((query.to_owned(), users::statement(&options(query).list, Which::Present), true));
    }
    for query in [
        String::new(),
        format!("$filter=principalId eq '{id}'"),
        format!("$filter=appScopeId eq '/AccessPackageCatalog/{id}'"),
    ] {
        let sorted = query.is_empty();
        statements.push((
            query.clone(),
            role_assignments::statement(&options(&query).list, &Visible::All, true),
            sorted,
        ));
    }
    for (query, roles) in [
        (String::new(), false),
        (format!("$filter=resource/id eq '{id}'"), true),
        (String::new(), true),
    ] {
        let of = Some(catalog).filter(|_| roles);
        statements.push((
            query.clone(),
            resources::statement(&options(&query).list, of, &Visible::All, roles),
            false,
        ));
    }
    for (query, (sql, values), sorted) in statements {
        let mut tx = bench.app.store.write().await.expect("tx");
        let plan = plan(&mut tx, sql.clone(), values).await;
        let reads_all = plan.lines().any(|step| step.starts_with("SCAN") && !step.contains("INDEX")) || plan.contains("Seq Scan");
        let sorts = sorted && ["TEMP B-TREE", "Sort"].iter().any(|word| plan.contains(word));
        assert!(!reads_all && !sorts, "{query}: {plan}\n{sql}");
    }
}
