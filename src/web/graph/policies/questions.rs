//! Questions, both ways.

use serde_json::{Value, json};

use crate::domain::id::QuestionId;
use crate::domain::question::{AskedQuestion, Choice, LocalizedText, Question, QuestionKind};

use super::super::body::{Node, Reading};

/// Reads `questions`: those that the policy has already (`before`) keep their ids, the others get theirs when they are kept. `None` where the
/// property is not sent.
pub fn read(read: &mut Reading, node: &Node<'_>, before: &[Question]) -> Option<Vec<Question>> {
    let nodes = read.list(node, "questions")?;
    let mut found: Vec<(i64, Question)> = Vec::with_capacity(nodes.len());
    for (at, node) in (0..).zip(&nodes) {
        let sequence = read.number(node, "sequence").unwrap_or(at);
        found.push((sequence, read_one(read, node, before)));
    }
    found.sort_by_key(|(sequence, _)| *sequence);
    Some(found.into_iter().map(|(_, question)| question).collect())
}

fn read_one(read: &mut Reading, node: &Node<'_>, before: &[Question]) -> Question {
    let id: Option<QuestionId> = if node.says("id") { read.id(node, "id") } else { None };
    let known = id.filter(|id| before.iter().any(|question| question.id == *id));
    let several = node.has("choices")
        || node
            .kind()
            .is_some_and(|kind| kind.eq_ignore_ascii_case("accessPackageMultipleChoiceQuestion"));
    let kind = if several {
        QuestionKind::MultipleChoice
    } else if read.flag(node, "isSingleLineQuestion").unwrap_or(true) {
        QuestionKind::ShortText
    } else {
        QuestionKind::LongText
    };
    if read.flag(node, "isMultipleSelectionAllowed") == Some(true) {
        read.fault(
            node.path("isMultipleSelectionAllowed"),
            "One value is chosen of those that are offered: send false, or ask several questions.",
        );
    }
    Question {
        id: known.unwrap_or(Question::default().id),
        text: read.text(node, "text").unwrap_or_default(),
        localized: localizations(read, node),
        kind,
        choices: if several { choices(read, node) } else { Vec::new() },
        required: read.flag(node, "isRequired").unwrap_or(false),
        pattern: if several {
            String::new()
        } else {
            read.text(node, "regexPattern").unwrap_or_default()
        },
    }
}

fn choices(read: &mut Reading, node: &Node<'_>) -> Vec<Choice> {
    let nodes = read.list(node, "choices").unwrap_or_default();
    nodes
        .iter()
        .map(|node| {
            let text = read.text(node, "text").unwrap_or_default();
            let value = read.text(node, "actualValue").filter(|value| !value.trim().is_empty());
            let value = value.unwrap_or_else(|| text.clone());
            Choice {
                label: if text == value { String::new() } else { text },
                value,
                localized: localizations(read, node),
            }
        })
        .collect()
}

fn localizations(read: &mut Reading, node: &Node<'_>) -> Vec<LocalizedText> {
    let nodes = read.list(node, "localizations").unwrap_or_default();
    nodes
        .iter()
        .map(|node| LocalizedText {
            language: read.text(node, "languageCode").unwrap_or_default(),
            text: read.text(node, "text").unwrap_or_default(),
        })
        .collect()
}

/// Questions in the order in which they are asked.
pub fn write(questions: &[Question]) -> Value {
    (1..)
        .zip(questions)
        .map(|(sequence, question)| question_json(question, sequence))
        .collect()
}

/// One question, at its place from 1 on.
fn question_json(question: &Question, sequence: i64) -> Value {
    let mut object = json!({
        "id": question.id,
        "isRequired": question.required,
        // Answers are kept as they were given: more time is asked for without questions.
        "isAnswerEditable": false,
        "sequence": sequence,
        "text": question.text,
        "localizations": localized_json(&question.localized),
    });
    let more = match question.kind {
        QuestionKind::MultipleChoice => json!({
            "@odata.type": "#microsoft.graph.accessPackageMultipleChoiceQuestion",
            "isMultipleSelectionAllowed": false,
            "choices": question.choices.iter().map(choice_json).collect::<Vec<_>>(),
        }),
        kind => json!({
            "@odata.type": "#microsoft.graph.accessPackageTextInputQuestion",
            "isSingleLineQuestion": kind == QuestionKind::ShortText,
            "regexPattern": (!question.pattern.is_empty()).then_some(&question.pattern),
        }),
    };
    if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
        object.extend(more);
    }
    object
}

fn choice_json(choice: &Choice) -> Value {
    json!({
        "actualValue": choice.value,
        "text": choice.shown(),
        "localizations": localized_json(&choice.localized),
    })
}

fn localized_json(texts: &[LocalizedText]) -> Value {
    let one = |text: &LocalizedText| json!({"languageCode": text.language, "text": text.text});
    texts.iter().map(one).collect()
}

/// A question as one person is asked it, in their language, at its place from 1 on.
pub fn asked_json(question: &AskedQuestion, sequence: i64) -> Value {
    let choices = question.choices.iter().map(|(value, shown)| Choice {
        value: value.clone(),
        label: shown.clone(),
        localized: Vec::new(),
    });
    let whole = Question {
        id: question.id,
        text: question.text.clone(),
        localized: Vec::new(),
        kind: question.kind,
        choices: choices.collect(),
        required: question.required,
        pattern: question.pattern.clone(),
    };
    question_json(&whole, sequence)
}
