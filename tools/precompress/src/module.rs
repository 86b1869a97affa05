//! The order of a module's functions, and the names of its imports.
//!
//! A browser does not care about either, but compression does: functions of one signature that begin alike are compressed best side by
//! side.

use std::collections::HashMap;
use std::convert::Infallible;

use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{CodeSection, EntityType, FunctionSection, ImportSection, Module};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, FunctionSectionReader, Import, ImportSectionReader, Parser,
    Payload, TypeRef,
};

/// A damaged module.
pub(crate) type Error = reencode::Error<Infallible>;

/// The functions of a module in their new order.
pub(crate) struct Functions<'a> {
    module: &'a [u8],
    /// Imported functions with their signatures.
    imports: Vec<(u32, Import<'a>)>,
    /// Signatures of the other functions, and their old places among each other.
    defined: Vec<(u32, usize)>,
    /// New index of each function by its old index.
    indices: Vec<u32>,
}

impl<'a> Functions<'a> {
    /// Reads the functions of a module and orders them.
    ///
    /// # Errors
    ///
    /// The module is damaged.
    pub(crate) fn read(module: &'a [u8]) -> Result<Self, Error> {
        let (mut imports, mut signatures, mut bodies) = (Vec::new(), Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import?;
                        if let TypeRef::Func(signature) = import.ty {
                            imports.push((signature, import));
                        }
                    }
                }
                Payload::FunctionSection(section) => {
                    signatures = section.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
                _ => {}
            }
        }
        let mut old_imports: Vec<_> = (0..imports.len()).collect();
        old_imports.sort_by_key(|&old| imports[old].0);
        let mut defined: Vec<_> = signatures.into_iter().zip(0..).collect();
        defined.sort_by_key(|&(signature, old)| (signature, bodies.get(old).copied()));

        let old = old_imports.iter().copied().chain(defined.iter().map(|(_, old)| imports.len() + old));
        let mut indices = vec![0; imports.len() + defined.len()];
        for (new, old) in (0..).zip(old) {
            indices[old] = new;
        }
        let imports = old_imports.into_iter().map(|old| imports[old]).collect();
        Ok(Self { module, imports, defined, indices })
    }

    /// Returns the names of the imported functions, each with the name of its module.
    pub(crate) fn imports(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.imports.iter().map(|(_, import)| (import.module, import.name))
    }

    /// Returns the module with its functions in their new order, and with new names for those names of imports that have one. Leaves out
    /// the custom sections, which no browser reads.
    ///
    /// # Errors
    ///
    /// The module is damaged.
    pub(crate) fn rewrite(&self, names: &HashMap<&str, String>) -> Result<Vec<u8>, Error> {
        let mut out = Module::new();
        Rewriter { functions: self, names }.parse_core_module(&mut out, Parser::new(0), self.module)?;
        Ok(out.finish())
    }
}

struct Rewriter<'a> {
    functions: &'a Functions<'a>,
    names: &'a HashMap<&'a str, String>,
}

impl Rewriter<'_> {
    fn import(&self, imports: &mut ImportSection, import: Import<'_>, kind: EntityType) {
        let new = |name| self.names.get(name).map_or(name, String::as_str);
        imports.import(new(import.module), new(import.name), kind);
    }
}

impl Reencode for Rewriter<'_> {
    type Error = Infallible;

    fn function_index(&mut self, old: u32) -> Result<u32, Error> {
        // An index that is too large stays too large.
        Ok(usize::try_from(old).ok().and_then(|old| self.functions.indices.get(old)).copied().unwrap_or(old))
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Error> {
        for (signature, import) in &self.functions.imports {
            self.import(imports, *import, EntityType::Function(*signature));
        }
        for import in section.into_imports() {
            let import = import?;
            if !matches!(import.ty, TypeRef::Func(_)) {
                let kind = self.entity_type(import.ty)?;
                self.import(imports, import, kind);
            }
        }
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        _: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        for (signature, _) in &self.functions.defined {
            functions.function(*signature);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error> {
        let bodies: Vec<_> = section.into_iter().collect::<Result<_, _>>()?;
        for (_, old) in &self.functions.defined {
            let body = bodies.get(*old).ok_or(Error::InvalidCodeSectionSize)?;
            self.parse_function_body(code, body.clone())?;
        }
        Ok(())
    }

    fn parse_custom_section(&mut self, _: &mut Module, _: CustomSectionReader<'_>) -> Result<(), Error> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CustomSection, ExportKind, ExportSection, Function, ImportSection, TypeSection, ValType,
    };
    use wasmparser::{Operator, Validator};

    use super::*;

    /// A module whose functions are in a bad order: two signatures take turns. Number 2 calls 3 and 0, 3 calls 1, and 4 calls 2.
    fn module() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        types.ty().function([], [ValType::I32]);
        let mut imports = ImportSection::new();
        imports.import("./m.js", "__wbg_number", EntityType::Function(1));
        imports.import("./m.js", "__wbg_nothing", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        for (signature, calls) in [(1, &[3, 0][..]), (0, &[1]), (1, &[2])] {
            functions.function(signature);
            let mut body = Function::new([]);
            for &callee in calls {
                body.instructions().call(callee);
            }
            body.instructions().end();
            code.function(&body);
        }
        let mut exports = ExportSection::new();
        exports.export("start", ExportKind::Func, 4).export("other", ExportKind::Func, 3);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&exports).section(&code);
        module.section(&CustomSection { name: "producers".into(), data: b"a compiler".into() });
        module.finish()
    }

    /// Returns the exports of a module with all that they call.
    fn exports(module: &[u8]) -> Vec<String> {
        Validator::new().validate_all(module).unwrap();
        let (mut names, mut bodies, mut exports) = (Vec::new(), Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(module) {
            match payload.unwrap() {
                Payload::ImportSection(section) => {
                    names.extend(section.into_imports().map(|import| import.unwrap().name));
                }
                Payload::ExportSection(section) => exports.extend(section.into_iter().map(Result::unwrap)),
                Payload::CodeSectionEntry(body) => bodies.push(body),
                _ => {}
            }
        }
        let describe = |index| describe(index, &names, &bodies);
        exports.iter().map(|export| format!("{}: {}", export.name, describe(export.index))).collect()
    }

    fn describe(index: u32, names: &[&str], bodies: &[wasmparser::FunctionBody<'_>]) -> String {
        let index = usize::try_from(index).unwrap();
        if let Some(name) = names.get(index) {
            return (*name).to_owned();
        }
        let operators = bodies[index - names.len()].get_operators_reader().unwrap();
        let calls = operators.into_iter().filter_map(|operator| match operator.unwrap() {
            Operator::Call { function_index } => Some(describe(function_index, names, bodies)),
            _ => None,
        });
        format!("({})", calls.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn functions_of_one_signature_come_together_and_call_what_they_called() {
        let module = module();
        let functions = Functions::read(&module).unwrap();
        assert_eq!(
            functions.imports().map(|(_, name)| name).collect::<Vec<_>>(),
            ["__wbg_nothing", "__wbg_number"]
        );
        let rewritten = functions.rewrite(&HashMap::new()).unwrap();
        assert_eq!(exports(&module), ["start: (((__wbg_nothing) __wbg_number))", "other: (__wbg_nothing)"]);
        assert_eq!(exports(&rewritten), exports(&module));
        let signatures = |module| {
            Functions::read(module)
                .unwrap()
                .defined
                .iter()
                .map(|(signature, _)| *signature)
                .collect::<Vec<_>>()
        };
        assert_eq!(signatures(&rewritten), [0, 1, 1]);
        assert!(!rewritten.windows(9).any(|part| part == b"producers"));
    }

    #[test]
    fn imports_have_their_new_names() {
        let module = module();
        let names = HashMap::from([("./m.js", "a".to_owned()), ("__wbg_number", "b".to_owned())]);
        let rewritten = Functions::read(&module).unwrap().rewrite(&names).unwrap();
        let functions = Functions::read(&rewritten).unwrap();
        assert_eq!(functions.imports().collect::<Vec<_>>(), [("a", "__wbg_nothing"), ("a", "b")]);
    }

    #[test]
    fn what_is_no_module_is_an_error() {
        assert!(Functions::read(b"no module").is_err());
    }
}
