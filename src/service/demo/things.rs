//! The groups, applications, sites and example packages of Woodgrove Bank, in tables. People are named as in `people`.

use crate::domain::object::GroupKind::{self, Microsoft365, Security};

/// A group of the demo directory.
pub struct DemoGroup {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// Security or Microsoft 365.
    pub kind: GroupKind,
    /// Makes it dynamic.
    pub rule: Option<&'static str>,
    /// Who answers for it.
    pub owners: &'static [&'static str],
    /// Who is in it; none where a rule decides.
    pub members: &'static [&'static str],
}

/// Every group.
pub const GROUPS: &[DemoGroup] = &[
    DemoGroup {
        name: "Branch managers",
        description: "Those who lead a branch",
        kind: Security,
        rule: None,
        owners: &["Marcus Feldkamp"],
        members: &["Bruno Keller", "Anna-Lena Fischer"],
    },
    DemoGroup {
        name: "Risk committee",
        description: "Decides on credit limits above one million",
        kind: Security,
        rule: None,
        owners: &["Adaeze Nwosu"],
        members: &["Adaeze Nwosu", "Tomasz Wierzbicki", "Yasmin El-Sayed", "Arjun Deshmukh"],
    },
    DemoGroup {
        name: "Payments approvers",
        description: "Second pair of eyes for outgoing payments",
        kind: Security,
        rule: None,
        owners: &["Kenji Morimoto"],
        members: &["Viktor Halvorsen", "Leila Bouchard", "Amélie Rousseau"],
    },
    DemoGroup {
        name: "Server administrators",
        description: "Administrators of the bank's servers",
        kind: Security,
        rule: None,
        owners: &["Jonas Lindqvist"],
        members: &["Ingrid Solberg", "Ravi Subramanian"],
    },
    DemoGroup {
        name: "Vault keys",
        description: "May open the vaults of the Zurich branch",
        kind: Security,
        rule: None,
        owners: &["Bruno Keller"],
        members: &["Bruno Keller", "Pieter de Vries"],
    },
    DemoGroup {
        name: "Everyone at Woodgrove",
        description: "Everyone who works at the bank",
        kind: Security,
        rule: Some(r#"(user.userType -eq "Member") -and (user.accountEnabled -eq true)"#),
        owners: &["Priya Raghunathan"],
        members: &[],
    },
    DemoGroup {
        name: "External guests",
        description: "Auditors, consultants and suppliers",
        kind: Security,
        rule: Some(r#"user.userType -eq "Guest""#),
        owners: &["William Ashworth"],
        members: &[],
    },
    DemoGroup {
        name: "Retail Banking staff",
        description: "Everyone in Retail Banking",
        kind: Security,
        rule: Some(r#"user.department -eq "Retail Banking""#),
        owners: &["Marcus Feldkamp"],
        members: &[],
    },
    DemoGroup {
        name: "London analysts",
        description: "Analysts whose desk is in London",
        kind: Security,
        rule: Some(r#"(user.jobTitle -contains "Analyst") -and (user.physicalDeliveryOfficeName -eq "London")"#),
        owners: &["Adaeze Nwosu"],
        members: &[],
    },
    DemoGroup {
        name: "Project Lighthouse",
        description: "The new mobile bank, from first sketch to launch",
        kind: Microsoft365,
        rule: None,
        owners: &["Jonas Lindqvist", "Lucía Fernández"],
        members: &["Ingrid Solberg", "Daniel Okonkwo", "Noor Hashemi", "Camille Dufour"],
    },
    DemoGroup {
        name: "Sales team",
        description: "Mailbox, files and calendar of Sales",
        kind: Microsoft365,
        rule: None,
        owners: &["Oliver Brandt"],
        members: &[
            "Oliver Brandt",
            "Rasmus Nygaard",
            "Chiara Lombardi",
            "Tariq Mansour",
            "Emma Vandenberg",
        ],
    },
    DemoGroup {
        name: "Finance team",
        description: "Mailbox, files and calendar of Finance",
        kind: Microsoft365,
        rule: None,
        owners: &["Tomasz Wierzbicki"],
        members: &["Viktor Halvorsen", "Amélie Rousseau", "Samuel Oyelaran"],
    },
    DemoGroup {
        name: "Leadership",
        description: "The heads of all departments",
        kind: Microsoft365,
        rule: None,
        owners: &["Helena Marchetti"],
        members: &[
            "Helena Marchetti",
            "Tomasz Wierzbicki",
            "Adaeze Nwosu",
            "Jonas Lindqvist",
            "Priya Raghunathan",
        ],
    },
];

/// An application or site of the demo directory.
pub struct DemoPlace {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// The last part of its address.
    pub path: &'static str,
    /// Its roles, in order.
    pub roles: &'static [&'static str],
    /// Who holds which of them.
    pub holders: &'static [(&'static str, &'static str)],
}

/// Every application. One declares no roles.
pub const APPLICATIONS: &[DemoPlace] = &[
    DemoPlace {
        name: "Core Banking",
        description: "Accounts, deposits and withdrawals",
        path: "core",
        roles: &["Teller", "Supervisor", "Auditor"],
        holders: &[
            ("Mateo Rojas", "Teller"),
            ("Fatima Zahra Idrissi", "Teller"),
            ("Bruno Keller", "Supervisor"),
            ("Nadia Petrova", "Auditor"),
        ],
    },
    DemoPlace {
        name: "Loan Origination",
        description: "From application to signed loan",
        path: "loans",
        roles: &["Analyst", "Underwriter", "Approver"],
        holders: &[
            ("Stefan Novak", "Analyst"),
            ("Noor Hashemi", "Underwriter"),
            ("Yasmin El-Sayed", "Approver"),
        ],
    },
    DemoPlace {
        name: "Customer Insight",
        description: "Reports about customers and markets",
        path: "insight",
        roles: &["Viewer", "Author"],
        holders: &[("Daniel Okonkwo", "Author"), ("Oliver Brandt", "Viewer")],
    },
    DemoPlace {
        name: "Trading Desk",
        description: "Orders, positions and limits",
        path: "trading",
        roles: &["Viewer", "Trader", "Limit manager"],
        holders: &[("Amélie Rousseau", "Trader"), ("Katarzyna Zielińska", "Limit manager")],
    },
    DemoPlace {
        name: "Expense Reports",
        description: "Travel and expenses",
        path: "expenses",
        roles: &[],
        holders: &[("Emma Vandenberg", crate::domain::object::DEFAULT_ACCESS)],
    },
];

/// Every site; each has the three roles of sites.
pub const SITES: &[DemoPlace] = &[
    DemoPlace {
        name: "Bank Policies",
        description: "What holds for everyone, in its current version",
        path: "policies",
        roles: SITE_ROLES,
        holders: &[("William Ashworth", "Owners"), ("Beatriz Monteiro", "Members")],
    },
    DemoPlace {
        name: "Branch Handbook",
        description: "How a branch opens, runs and closes",
        path: "branches",
        roles: SITE_ROLES,
        holders: &[
            ("Marcus Feldkamp", "Owners"),
            ("Bruno Keller", "Members"),
            ("Mateo Rojas", "Visitors"),
        ],
    },
    DemoPlace {
        name: "Sales Playbook",
        description: "Offers, prices and stories that work",
        path: "sales",
        roles: SITE_ROLES,
        holders: &[("Oliver Brandt", "Owners"), ("Chiara Lombardi", "Members")],
    },
    DemoPlace {
        name: "Credit Risk Library",
        description: "Models, limits and their reasons",
        path: "risk",
        roles: SITE_ROLES,
        holders: &[("Adaeze Nwosu", "Owners"), ("Arjun Deshmukh", "Members")],
    },
];

const SITE_ROLES: &[&str] = &["Owners", "Members", "Visitors"];

/// An example package: open to every member.
pub struct DemoPackage {
    /// Its name.
    pub name: &'static str,
    /// What requestors read about it.
    pub description: &'static str,
    /// Days until its assignments expire.
    pub days: i64,
    /// Object and role that it gives.
    pub roles: &'static [(&'static str, &'static str)],
}

/// The example packages.
pub const PACKAGES: &[DemoPackage] = &[
    DemoPackage {
        name: "Sales toolkit",
        description: "What someone new in Sales needs: the team's mailbox and files, the playbook, and customer reports",
        days: 90,
        roles: &[
            ("Sales team", "Member"),
            ("Sales Playbook", "Members"),
            ("Customer Insight", "Viewer"),
        ],
    },
    DemoPackage {
        name: "Branch visit",
        description: "To read along for a week in a branch",
        days: 7,
        roles: &[("Branch Handbook", "Visitors")],
    },
];

/// Further resources of the General catalog, beyond those of the packages.
pub const RESOURCES: &[&str] = &["Project Lighthouse", "Retail Banking staff", "Expense Reports", "Bank Policies"];

/// Separation of duties: whoever is in the group cannot get the package.
pub const RULES: &[(&str, &str)] = &[("Sales toolkit", "Risk committee"), ("Sales toolkit", "Payments approvers")];

/// One exception: from which of the rules, for whom, why, and for how many days.
pub const EXCEPTION: (&str, &str, &str, i64) = (
    "Risk committee",
    "Arjun Deshmukh",
    "Prepares the risk figures that Sales shows to customers; decides on no credit limit meanwhile",
    60,
);
