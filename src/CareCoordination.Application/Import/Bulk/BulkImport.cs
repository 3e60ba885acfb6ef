using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Application.Import.Bulk;

/// <summary>
/// Brings in the files of an export of another server, by the code of the import verb. There is no standard for it yet; it takes what
/// https://build.fhir.org/ig/HL7/bulk-data/submit.html and servers that have a <c>$import</c> take.
/// </summary>
/// <param name="ManifestUrl">Where the list of the files is; null: the request has them.</param>
/// <param name="Source">The server that the files are of, as <c>--source</c> of the verb; null: their ids stay.</param>
public sealed record BulkImport(CommandCall Call, Uri? ManifestUrl, string? Source, string BaseUrl) : Command(Call)
{
    internal ImmutableArray<AskedFile> Files { get; init; } = [];

    /// <summary>What is said of the files: whether they ask for a token; null: nothing.</summary>
    internal bool? NeedsToken { get; init; }

    /// <summary>By how many imports go on.</summary>
    public override bool IsDecidedInTurn => true;

    /// <summary>Without what signs an address.</summary>
    public override string SearchedBy =>
        ManifestUrl is { } url
            ? $"manifestUrl={url.GetLeftPart(UriPartial.Path)}"
            : string.Create(CultureInfo.InvariantCulture, $"input={Files.Length} files");

    private static readonly ImmutableArray<string> Url = ["uri", "url", "string"];

    private static readonly ImmutableArray<string> Text = ["string", "code"];

    private static readonly ImmutableArray<OperationParameter> FileParts =
    [
        new("type", Text, "The type of its resources."),
        new("url", Url, "Its address."),
        new("count", ["integer", "positiveInt", "unsignedInt"], "How many lines it has: fewer are told of."),
    ];

    public static readonly Operation Operation = new(
        Operations.Operation.System,
        "import",
        "Brings in the files of an export of another server: the same ids, the same rules and the same rejections as the import verb. Send a Parameters, or the manifest of the export as it is. Answered at once with 202, with Prefer: respond-async and without, and a Content-Location where the progress, and in the end what became of each file, is found.",
        Read
    )
    {
        AnswersLater = true,
        IsOnInstance = false,
        Answer = ResourceTypes.OperationOutcome,
        Complete = ImportBody.Complete,
        Parameters =
        [
            new("manifestUrl", Url, "The address of the manifest of an export that is done."),
            new("input", [], "A file: NDJSON, plain or gzip.") { IsRepeatable = true, Parts = FileParts },
            new("deleted", [], "A file that tells which resources were deleted, a transaction Bundle a line.")
            {
                IsRepeatable = true,
                Parts = FileParts,
            },
            new(
                "requiresAccessToken",
                ["boolean"],
                "False: the files are fetched without the token of Imports:Sources."
            ),
            new(
                "fhirBaseUrl",
                Url,
                "The server that the files are of: its ids become UUIDs made of it, so that two servers may have a Patient/1. Where it is left out ids stay as they are."
            ),
            new("inputFormat", Text, "application/fhir+ndjson, which is the only one."),
            new("inputSource", Url, "Where the data comes from, for whoever reads the request; it changes nothing."),
            new("storageDetail", [], "How the files are fetched: its type is https, which is the only one.")
            {
                Parts = [new("type", Text, "https.")],
            },
            new("mode", Text, "Passed over: what is stored already is not written again, whatever it says."),
        ],
    };

    private static readonly ImmutableArray<string> Formats =
    [
        "application/fhir+ndjson",
        "application/ndjson",
        "application/x-ndjson",
        "ndjson",
    ];

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        if (input.Text("inputFormat") is { } format && !Formats.Contains(format))
            return Wrong("inputFormat is application/fhir+ndjson: files have one resource a line.");
        if (
            input.All("storageDetail").Select(p => p.Text("type")).FirstOrDefault() is { } storage
            && storage is not ("http" or "https")
        )
            return Wrong("storageDetail has the type https: files are fetched by their addresses.");
        if (!Address(input, "manifestUrl").TryGet(out var manifest, out var failure))
            return failure;
        if (!Address(input, "fhirBaseUrl").TryGet(out var source, out failure))
            return failure;
        if (!FilesOf(input).TryGet(out var files, out failure))
            return failure;
        if (manifest.Url is null && files.IsEmpty)
            return Failure.Invalid(
                IssueCode.Required,
                "$import needs files: the manifest of an export as the body, its address as manifestUrl, or each of them as input with type and url.",
                "Parameters.parameter"
            );
        return input.Command(call => new BulkImport(
            call,
            manifest.Url,
            source.Url?.AbsoluteUri.TrimEnd('/'),
            input.BaseUrl
        )
        {
            Files = files,
            NeedsToken = input.Flag("requiresAccessToken"),
        });
    }

    private static Result<(Uri? Url, bool IsRead)> Address(OperationInput input, string name) =>
        input.Text(name) is not { } text ? ((Uri?)null, true)
        : Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? (url, true)
        : Wrong($"{name} is an address, such as https://north.example.org/fhir.");

    private static Result<ImmutableArray<AskedFile>> FilesOf(OperationInput input)
    {
        var files = ImmutableArray.CreateBuilder<AskedFile>();
        foreach (var name in (ReadOnlySpan<string>)["input", "deleted"])
        {
            foreach (var parameter in input.All(name))
            {
                if (
                    !Uri.TryCreate(parameter.Text("url"), UriKind.Absolute, out var url)
                    || url.Scheme is not ("http" or "https")
                )
                    return Wrong($"A file in '{name}' has a url, such as https://north.example.org/Patient.ndjson.");
                var type = name == "deleted" ? null : parameter.Text("type");
                if (type is not null && !input.Definitions.Schema.IsResourceType(type))
                    return Wrong($"'{name}' has a type that is no resource type of FHIR R4.");
                files.Add(new AskedFile(type, url, (long?)CountOf(parameter)) { IsOfDeletions = name == "deleted" });
            }
        }

        return files.ToImmutable();
    }

    private static decimal? CountOf(ParametersParameterView parameter) =>
        parameter.Part.Where(p => p.Name == "count").Select(OperationInput.NumberOf).FirstOrDefault();

    private static Failure Wrong(string sentence) => Failure.Invalid(IssueCode.Value, sentence, "Parameters.parameter");
}
