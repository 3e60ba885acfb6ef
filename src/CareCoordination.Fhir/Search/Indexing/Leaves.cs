using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Search.Extraction;
using CareCoordination.Fhir.Search.Types;

namespace CareCoordination.Fhir.Search.Indexing;

/// <summary>The extractor for a kind of parameter over a type of element.</summary>
internal static class Leaves
{
    /// <summary>Null where an element of this type has no value that such a parameter could find.</summary>
    public static ValueExtractor? For(
        int parameter,
        bool foldsCase,
        bool isPhonetic,
        SearchParameterType kind,
        TypeDefinition type,
        ElementDefinition? element
    ) =>
        kind switch
        {
            SearchParameterType.Token => TokenParameter.Extractor(parameter, foldsCase, type, element),
            SearchParameterType.String => StringParameter.Extractor(parameter, isPhonetic, type, element),
            SearchParameterType.Date => DateParameter.Extractor(parameter, type),
            SearchParameterType.Number => NumberParameter.Extractor(parameter, type),
            SearchParameterType.Quantity => QuantityParameter.Extractor(parameter, type),
            SearchParameterType.Reference => ReferenceParameter.Extractor(parameter, type),
            SearchParameterType.Uri => UriParameter.Extractor(parameter, type),
            _ => null,
        };
}
