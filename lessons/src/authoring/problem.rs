//! What is wrong with a lesson, and where.

use std::fmt;

/// Something that is wrong with a lesson, where it stands, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The lesson's folder.
    pub lesson: String,
    /// The step, question or drill, where there is one.
    pub step: Option<String>,
    /// The file in the folder.
    pub file: String,
    /// The line in the file, from 1; 0 for the whole file.
    pub line: u32,
    /// Which of the proofs failed, from 1 to 9; 0 when the lesson cannot be read.
    pub proof: u8,
    /// What is wrong and what to do.
    pub message: String,
}

impl Problem {
    /// A problem at this line.
    pub fn new(lesson: &str, file: &str, line: u32, message: impl Into<String>) -> Problem {
        Problem {
            lesson: lesson.to_string(),
            step: None,
            file: file.to_string(),
            line,
            proof: 0,
            message: message.into(),
        }
    }

    /// The problem of this step or question.
    pub fn of(mut self, step: &str) -> Problem {
        self.step = Some(step.to_string());
        self
    }

    /// The problem as a failure of this proof.
    pub fn proof(mut self, proof: u8) -> Problem {
        self.proof = proof;
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lesson)?;
        if let Some(step) = &self.step {
            write!(f, ", {step}")?;
        }
        if !self.file.is_empty() {
            write!(f, ", {}", self.file)?;
        }
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if self.proof > 0 {
            write!(f, " (proof {})", self.proof)?;
        }
        write!(f, ": {}", self.message)
    }
}
