//! The people of Woodgrove Bank. Names are made up; user names follow from them.

/// Name, job title, department, office, and the place of their manager in this list (none for whom nobody leads here).
pub struct Person(pub &'static str, pub &'static str, pub &'static str, pub &'static str, pub Option<usize>);

/// Members, each after their manager.
pub const MEMBERS: &[Person] = &[
    Person("Helena Marchetti", "Chief Executive Officer", "Executive", "Zurich", None),
    Person("Tomasz Wierzbicki", "Chief Financial Officer", "Finance", "Zurich", Some(0)),
    Person("Adaeze Nwosu", "Chief Risk Officer", "Risk", "London", Some(0)),
    Person("Jonas Lindqvist", "Chief Information Officer", "Information Technology", "Stockholm", Some(0)),
    Person("Priya Raghunathan", "Chief People Officer", "Human Resources", "Zurich", Some(0)),
    Person("Marcus Feldkamp", "Head of Retail Banking", "Retail Banking", "Frankfurt", Some(0)),
    Person("Yasmin El-Sayed", "Head of Corporate Banking", "Corporate Banking", "London", Some(0)),
    Person("Oliver Brandt", "Head of Sales", "Sales", "Frankfurt", Some(0)),
    Person("Lucía Fernández", "Head of Marketing", "Marketing", "Madrid", Some(0)),
    Person("Kenji Morimoto", "Head of Operations", "Operations", "Zurich", Some(0)),
    Person("Alex Wilber", "Campaign Specialist", "Marketing", "Madrid", Some(8)),
    Person("Ines Carvalho", "Content Editor", "Marketing", "Lisbon", Some(8)),
    Person("Daniel Okonkwo", "Market Analyst", "Marketing", "London", Some(8)),
    Person("Sophie Tremblay", "Event Coordinator", "Marketing", "Geneva", Some(8)),
    Person("Rasmus Nygaard", "Account Manager", "Sales", "Stockholm", Some(7)),
    Person("Chiara Lombardi", "Account Manager", "Sales", "Milan", Some(7)),
    Person("Tariq Mansour", "Key Account Manager", "Sales", "London", Some(7)),
    Person("Emma Vandenberg", "Sales Assistant", "Sales", "Frankfurt", Some(7)),
    Person("Bruno Keller", "Branch Manager", "Retail Banking", "Zurich", Some(5)),
    Person("Anna-Lena Fischer", "Branch Manager", "Retail Banking", "Frankfurt", Some(5)),
    Person("Mateo Rojas", "Teller", "Retail Banking", "Zurich", Some(18)),
    Person("Fatima Zahra Idrissi", "Teller", "Retail Banking", "Frankfurt", Some(19)),
    Person("Pieter de Vries", "Personal Banker", "Retail Banking", "Zurich", Some(18)),
    Person("Noor Hashemi", "Mortgage Adviser", "Retail Banking", "Frankfurt", Some(19)),
    Person("Grace Achieng", "Relationship Manager", "Corporate Banking", "London", Some(6)),
    Person("Stefan Novak", "Credit Analyst", "Corporate Banking", "Vienna", Some(6)),
    Person("Mei-Ling Chow", "Trade Finance Officer", "Corporate Banking", "London", Some(6)),
    Person("Arjun Deshmukh", "Credit Risk Analyst", "Risk", "London", Some(2)),
    Person("Katarzyna Zielińska", "Market Risk Analyst", "Risk", "Zurich", Some(2)),
    Person("William Ashworth", "Compliance Officer", "Compliance", "London", Some(2)),
    Person("Beatriz Monteiro", "Anti-Fraud Investigator", "Compliance", "Lisbon", Some(29)),
    Person("Viktor Halvorsen", "Controller", "Finance", "Zurich", Some(1)),
    Person("Amélie Rousseau", "Treasury Analyst", "Finance", "Geneva", Some(1)),
    Person("Samuel Oyelaran", "Payroll Accountant", "Finance", "Zurich", Some(31)),
    Person("Ingrid Solberg", "Systems Engineer", "Information Technology", "Stockholm", Some(3)),
    Person("Ravi Subramanian", "Security Engineer", "Information Technology", "London", Some(3)),
    Person("Clara Hoffmann", "Service Desk Lead", "Information Technology", "Frankfurt", Some(3)),
    Person("Diego Salazar", "Service Desk Analyst", "Information Technology", "Madrid", Some(36)),
    Person("Hanna Virtanen", "Recruiter", "Human Resources", "Stockholm", Some(4)),
    Person("Leila Bouchard", "Payments Specialist", "Operations", "Geneva", Some(9)),
    Person("Gareth Pritchard", "Facilities Coordinator", "Operations", "London", Some(9)),
];

/// Name, job title, company, address, and the place of whom they report to here.
pub struct Guest(pub &'static str, pub &'static str, pub &'static str, pub &'static str, pub usize);

/// Guests.
pub const GUESTS: &[Guest] = &[
    Guest("Nadia Petrova", "Auditor", "Harlow Audit", "nadia.petrova@harlow-audit.example", 1),
    Guest("Thomas Weatherby", "Auditor", "Harlow Audit", "thomas.weatherby@harlow-audit.example", 1),
    Guest("Camille Dufour", "Designer", "Studio Lumen", "camille.dufour@studio-lumen.example", 8),
    Guest("Joaquín Ibarra", "Consultant", "Ridgeline Advisory", "joaquin.ibarra@ridgeline.example", 6),
    Guest("Sunniva Berg", "Network Engineer", "Nordnett", "sunniva.berg@nordnett.example", 3),
];

/// First names of the many of `--scale`.
pub const FIRST: &[&str] = &[
    "Aaron", "Abena", "Adil", "Agnes", "Aiko", "Alba", "Amir", "Anita", "Anton", "Asha", "Aydin", "Bela", "Bianca", "Carlos", "Celine",
    "Chidi", "Dalia", "Dmitri", "Edith", "Eero", "Elif", "Emil", "Esther", "Farid", "Felix", "Freya", "Gita", "Goran", "Greta", "Hamid",
    "Hugo", "Ida", "Imran", "Irene", "Ivan", "Jasmin", "Joel", "Julia", "Kamil", "Karin", "Kofi", "Lars", "Leonie", "Lina", "Luca",
    "Magnus", "Maya", "Milan", "Mira", "Nadine", "Nils", "Olga", "Omar", "Paula", "Rafael", "Rosa", "Sami", "Selma", "Tariku", "Tessa",
    "Uma", "Victor", "Wanda", "Zoe",
];

/// Last names of the many of `--scale`.
pub const LAST: &[&str] = &[
    "Abbott", "Acheampong", "Albers", "Andersen", "Baptiste", "Becker", "Bianchi", "Bjork", "Castillo", "Chandra", "Cohen", "Costa",
    "Dahl", "Delacroix", "Demir", "Duarte", "Eriksson", "Farkas", "Fontaine", "Gallagher", "Garcia", "Greco", "Haddad", "Hansen",
    "Horvat", "Ibrahim", "Ito", "Jansen", "Kaplan", "Karlsson", "Kimura", "Kowalski", "Kruger", "Larsen", "Leclerc", "Lopez", "Maier",
    "Mbeki", "Mensah", "Moreau", "Nagy", "Nakamura", "Novotny", "Obi", "Olsen", "Ortega", "Park", "Pereira", "Popescu", "Quist",
    "Ramos", "Rossi", "Sato", "Schmid", "Sharma", "Silva", "Sorensen", "Tanaka", "Torres", "Urban", "Varga", "Weber", "Yilmaz",
    "Zimmermann",
];
