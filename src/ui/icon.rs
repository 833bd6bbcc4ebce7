//! The icons of the product: twenty-pixel line drawings as single paths, in the colour of the text around them. Always
//! decoration; the word beside it, or the label of its button, carries the meaning.

use leptos::prelude::*;

/// The drawings that exist.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Icon {
    Home,
    Person,
    People,
    Group,
    Package,
    Catalog,
    App,
    Site,
    Add,
    Delete,
    Edit,
    Search,
    Refresh,
    More,
    Check,
    Dismiss,
    ChevronRight,
    ChevronDown,
    ChevronLeft,
    ChevronUp,
    ArrowRight,
    Info,
    Warning,
    Error,
    Success,
    Copy,
    History,
    Bell,
    SignOut,
    Clock,
    Calendar,
    Menu,
    Shield,
    Lock,
    Key,
    Document,
    Link,
    Filter,
    Eye,
    EyeOff,
    Download,
    Mail,
    Settings,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Home => "M3.5 9 10 3.5 16.5 9v7a.5.5 0 0 1-.5.5h-3.5V12h-5v4.5H4a.5.5 0 0 1-.5-.5z",
            Self::Person => "M10 9.5a3.25 3.25 0 1 0 0-6.5 3.25 3.25 0 0 0 0 6.5zM4 16.5c0-2.8 2.4-4.5 6-4.5s6 1.7 6 4.5z",
            Self::People => {
                "M7.5 9a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5zM2.5 16c0-2.6 2-4.2 5-4.2s5 1.6 5 4.2zM13 9a2.25 2.25 0 1 0 0-4.5M14.5 16h3c0-2.4-1.3-3.9-3.5-4.2"
            }
            Self::Group => {
                "M10 8.5A2.25 2.25 0 1 0 10 4a2.25 2.25 0 0 0 0 4.5zM4.5 9a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2zM15.5 9a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2zM6.5 11h7v2.5a3.5 3.5 0 0 1-7 0zM4.5 15a2.5 2.5 0 0 1-2.5-2.5V11h2M15.5 15a2.5 2.5 0 0 0 2.5-2.5V11h-2"
            }
            Self::Package => "M10 2.75 16.75 6v8L10 17.25 3.25 14V6zM3.5 6.2 10 9.3l6.5-3.1M10 9.5v7.5M6.6 4.4l6.6 3.2",
            Self::Catalog => {
                "M2.75 5.5A1.25 1.25 0 0 1 4 4.25h3.5L9.5 6H16a1.25 1.25 0 0 1 1.25 1.25V15A1.25 1.25 0 0 1 16 16.25H4A1.25 1.25 0 0 1 2.75 15zM2.75 8.5h14.5"
            }
            Self::App => {
                "M3.5 4.5a1 1 0 0 1 1-1H9v5.5H3.5zM11 3.5h4.5a1 1 0 0 1 1 1V9H11zM3.5 11H9v5.5H4.5a1 1 0 0 1-1-1zM11 11h5.5v4.5a1 1 0 0 1-1 1H11z"
            }
            Self::Site => {
                "M10 17.25a7.25 7.25 0 1 0 0-14.5 7.25 7.25 0 0 0 0 14.5zM2.75 10h14.5M10 2.75c-4 4.3-4 10.2 0 14.5M10 2.75c4 4.3 4 10.2 0 14.5"
            }
            Self::Add => "M10 3.5v13M3.5 10h13",
            Self::Delete => {
                "M3.5 5.5h13M8 5.5V4a1 1 0 0 1 1-1h2a1 1 0 0 1 1 1v1.5M5 5.5l.8 10.3a1.2 1.2 0 0 0 1.2 1.1h6a1.2 1.2 0 0 0 1.2-1.1L15 5.5M8.5 8.5l.3 5.5M11.5 8.5l-.3 5.5"
            }
            Self::Edit => "M12.6 4.4a1.9 1.9 0 0 1 2.7 0l.3.3a1.9 1.9 0 0 1 0 2.7L7 16l-3.7.7L4 13zM11.3 5.7l3 3",
            Self::Download => "M10 3.25v9.25M6.25 9 10 12.75 13.75 9M4 16.5h12",
            Self::Mail => {
                "M4 4.5h12a1.25 1.25 0 0 1 1.25 1.25v8.5A1.25 1.25 0 0 1 16 15.5H4a1.25 1.25 0 0 1-1.25-1.25v-8.5A1.25 1.25 0 0 1 4 4.5zM3 6l7 5 7-5"
            }
            Self::Settings => "M3 5.5h8M15 5.5h2M13 3.5v4M3 10h2M9 10h8M7 8v4M3 14.5h8M15 14.5h2M13 12.5v4",
            Self::Search => "M8.75 14a5.25 5.25 0 1 0 0-10.5 5.25 5.25 0 0 0 0 10.5zM12.6 12.6l4.1 4.1",
            Self::Refresh => "M15.8 8A6.25 6.25 0 1 0 16.2 11M16 3.75V8h-4.25",
            Self::More => {
                "M5 9.6a.4.4 0 1 0 0 .8.4.4 0 0 0 0-.8zM10 9.6a.4.4 0 1 0 0 .8.4.4 0 0 0 0-.8zM15 9.6a.4.4 0 1 0 0 .8.4.4 0 0 0 0-.8z"
            }
            Self::Check => "M4 10.5 8.2 14.5 16 6",
            Self::Dismiss => "M4.75 4.75l10.5 10.5M15.25 4.75 4.75 15.25",
            Self::ChevronRight => "M7.5 4.5 13 10l-5.5 5.5",
            Self::ChevronDown => "M4.5 7.5 10 13l5.5-5.5",
            Self::ChevronLeft => "M12.5 4.5 7 10l5.5 5.5",
            Self::ChevronUp => "M4.5 12.5 10 7l5.5 5.5",
            Self::ArrowRight => "M3.5 10h12.5M11 4.75 16.25 10 11 15.25",
            Self::Info => "M10 17.25a7.25 7.25 0 1 0 0-14.5 7.25 7.25 0 0 0 0 14.5zM10 9.25v4.5M10 6.5h.01",
            Self::Warning => "M9.1 3.6a1 1 0 0 1 1.8 0l6.4 11.9a1 1 0 0 1-.9 1.5H3.6a1 1 0 0 1-.9-1.5zM10 8v4M10 14.25h.01",
            Self::Error => "M10 17.25a7.25 7.25 0 1 0 0-14.5 7.25 7.25 0 0 0 0 14.5zM10 6.25v4.5M10 13.5h.01",
            Self::Success => "M10 17.25a7.25 7.25 0 1 0 0-14.5 7.25 7.25 0 0 0 0 14.5zM6.75 10.25 9 12.5l4.25-4.75",
            Self::Copy => {
                "M7 4.5a1.25 1.25 0 0 1 1.25-1.25h6.5A1.25 1.25 0 0 1 16 4.5v8a1.25 1.25 0 0 1-1.25 1.25h-6.5A1.25 1.25 0 0 1 7 12.5zM7 6.25H5.25A1.25 1.25 0 0 0 4 7.5v8a1.25 1.25 0 0 0 1.25 1.25h6.5A1.25 1.25 0 0 0 13 15.5v-1.75"
            }
            Self::History => "M4.2 8A6.25 6.25 0 1 1 3.8 11M4 3.75V8h4.25M10 6.75V10l2.5 1.75",
            Self::Bell => {
                "M10 3a4.75 4.75 0 0 0-4.75 4.75c0 2.6-.6 4.2-1.5 5.75h12.5c-.9-1.55-1.5-3.15-1.5-5.75A4.75 4.75 0 0 0 10 3zM8 13.75a2 2 0 0 0 4 0"
            }
            Self::SignOut => "M8.5 3.5H5A1.25 1.25 0 0 0 3.75 4.75v10.5A1.25 1.25 0 0 0 5 16.5h3.5M8.5 10h8M13.25 6.5 16.75 10l-3.5 3.5",
            Self::Clock => "M10 17.25a7.25 7.25 0 1 0 0-14.5 7.25 7.25 0 0 0 0 14.5zM10 6v4.25L12.75 12",
            Self::Calendar => {
                "M3.25 5.5A1.75 1.75 0 0 1 5 3.75h10a1.75 1.75 0 0 1 1.75 1.75V15A1.75 1.75 0 0 1 15 16.75H5A1.75 1.75 0 0 1 3.25 15zM3.25 7.5h13.5M6.75 2.5v2M13.25 2.5v2M6.75 10.5h.01M10 10.5h.01M13.25 10.5h.01M6.75 13.5h.01M10 13.5h.01"
            }
            Self::Menu => "M3 5.5h14M3 10h14M3 14.5h14",
            Self::Shield => {
                "M10 2.75c2 1.5 4 2.25 6.25 2.25v4.5c0 3.7-2.3 6.3-6.25 7.75-3.95-1.45-6.25-4.05-6.25-7.75V5C6 5 8 4.25 10 2.75zM7.25 9.75 9.25 11.75 13 8"
            }
            Self::Lock => {
                "M5.75 8.5h8.5A1.25 1.25 0 0 1 15.5 9.75v5.5a1.25 1.25 0 0 1-1.25 1.25h-8.5a1.25 1.25 0 0 1-1.25-1.25v-5.5A1.25 1.25 0 0 1 5.75 8.5zM7 8.5V6a3 3 0 0 1 6 0v2.5M10 12.5h.01"
            }
            Self::Key => "M12.5 11.5a4 4 0 1 0-3.9-3.1L3.25 13.75v3h3v-1.75H8v-1.75l1.6-1.6a4 4 0 0 0 2.9-.15zM13.5 6.5h.01",
            Self::Document => {
                "M5.25 3h5.5l4 4v8.75A1.25 1.25 0 0 1 13.5 17h-8.25A1.25 1.25 0 0 1 4 15.75V4.25A1.25 1.25 0 0 1 5.25 3zM10.5 3.25V7.25h4M6.75 10.5h5.5M6.75 13.5h5.5"
            }
            Self::Link => "M8.5 6H6a4 4 0 0 0 0 8h2.5M11.5 6H14a4 4 0 0 1 0 8h-2.5M6.75 10h6.5",
            Self::Filter => "M3.5 5.75h13M6 10h8M8.5 14.25h3",
            Self::Eye => "M2.5 10.5C4 7.2 6.7 5 10 5s6 2.2 7.5 5.5M10 13.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
            Self::EyeOff => {
                "M3 3l14 14M7.4 5.5A7.4 7.4 0 0 1 10 5c3.3 0 6 2.2 7.5 5.5M2.5 10.5a10 10 0 0 1 2.6-3.7M8.3 9.2a2.5 2.5 0 0 0 3.5 3.5"
            }
        }
    }
}

/// Draws one icon at the size of the text around it (20 px beside body text).
#[component]
pub fn Glyph(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
            <path d=icon.path()></path>
        </svg>
    }
}
