using Microsoft.Extensions.DependencyInjection;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>Registers the verbs and queries of sources.</summary>
public static class SourcesSetup
{
    /// <summary>Objects, saving, labels, lists and thumbnails.</summary>
    public static IServiceCollection AddSources(this IServiceCollection services)
    {
        return services
            .AddSingleton<FindObjects>()
            .AddSingleton<ReadObjs>()
            .AddSingleton<ReadObjGroups>()
            .AddSingleton<ReadObjThumbnails>()
            .AddSingleton<ReadObjAnnotations>()
            .AddSingleton<ReadObjClassifications>()
            .AddSingleton<ReadObjComments>()
            .AddSingleton<ReadObjLabels>()
            .AddSingleton<ReadObjFlags>()
            .AddSingleton<ReadNearbySources>()
            .AddSingleton<GetSource>()
            .AddSingleton<SourceOrder>()
            .AddHostedService<WarmSourceOrder>()
            .AddSingleton<SourceListings>()
            .AddSingleton<ReadSourceParts>()
            .AddSingleton<SearchSources>()
            .AddSingleton<SourceExists>()
            .AddSingleton<NoteSourceView>()
            .AddSingleton<SaveSource>()
            .AddSingleton<UnsaveSource>()
            .AddSingleton<SetSourceProperties>()
            .AddSingleton<ShareSource>()
            .AddSingleton<AnswerSourceOffer>()
            .AddSingleton<LabelSource>()
            .AddSingleton<UnlabelSource>()
            .AddSingleton<ReadListings>()
            .AddSingleton<AddToList>()
            .AddSingleton<ChangeListEntry>()
            .AddSingleton<RemoveFromList>()
            .AddSingleton<PostThumbnail>()
            .AddSingleton<DeleteThumbnail>()
            .AddSingleton<ChangeThumbnail>()
            .AddSingleton<CountThumbnailFiles>()
            .AddSingleton<SurveyPictures>()
            .AddSingleton<AddSurveyPictures>()
            .AddSingleton<ReadThumbnail>()
            .AddSingleton<DeleteObj>();
    }
}
